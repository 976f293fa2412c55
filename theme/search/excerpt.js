export const excerpt = () => "";
export const marked = () => [];
