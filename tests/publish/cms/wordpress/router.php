<?php
// What a web server's rewrite rules do for a network of sites in folders. ABSPATH is set here, so that WordPress's own
// files may stay where Debian has them.
define('ABSPATH', getenv('HC_STATE') . '/www/');
$path = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$inner = preg_replace('#^/[a-z]{2}(?:-[a-z]+)?(/wp-(?:admin|content|includes)/.*|/[^/]+\.php)$#', '$1', $path);
$file = realpath(ABSPATH . ltrim($inner, '/'));
if ($file && is_file($file) && substr($file, -4) !== '.php') {
	header('Content-Type: ' . (mime_content_type($file) ?: 'application/octet-stream'));
	readfile($file);
	return true;
}
$script = $file && is_file($file) ? $inner : '/index.php';
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $script;
$_SERVER['SCRIPT_FILENAME'] = ABSPATH . ltrim($script, '/');
if ($script === '/index.php') {
	define('WP_USE_THEMES', true);
	require ABSPATH . 'wp-blog-header.php';
} else {
	require $file;
}
return true;
