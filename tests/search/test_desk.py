"""The desk search in memory: words of every language, the query language, corrections, excerpts."""

from __future__ import annotations

from hcgen.search.desk import Desk
from hcgen.search.documents import Document, Section

REFUND = Document(
    "payments/refund/", "Refund a sale", (Section("", "", "Open the sale."), Section("steps", "Steps", "Choose Refund."))
)
PAYOUT = Document("payments/payouts/", "When payouts arrive", (Section("", "", "A payout takes two days."),))


def test_documents_are_found_by_any_form_of_their_words() -> None:
    desk = Desk.of([REFUND, PAYOUT], "en")
    assert [hit.id for hit in desk.search("refunding sales")] == ["payments/refund/"]
    assert [hit.id for hit in desk.search("payout", limit=1)] == ["payments/payouts/"]
