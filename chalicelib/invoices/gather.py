"""Gathering the work of an invoice: parts of fixed prices, then time, then materials.

How far it has got is in the job's params, and what it has got is stored with the invoice, so that
whoever goes on after a crash takes nothing twice and leaves nothing behind.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.dispatch.model import Job, Slice
from chalicelib.invoices.model import Basis
from chalicelib.invoices.portions import amount_of
from chalicelib.invoices.scope import Selection
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.storage.pages import Page
from chalicelib.work import claims, draws, phases, projects, time_records
from chalicelib.work.materials import find as materials
from chalicelib.work.materials.model import Material
from chalicelib.work.model import TimeRecord

MOST_PIECES = 10_000
PER_STEP = 500

Pages = Callable[..., Page[TimeRecord]] | Callable[..., Page[Material]]


@dataclass(slots=True)
class Gathering:
    """The work of one invoice on its way; ``selection`` says which."""

    job: Job
    part: Slice
    invoice_id: str
    wanted: NewInvoice
    selection: Selection

    def run(self) -> bool:
        """Whether all work is on the invoice; False when the slice ended first."""
        self._draw()
        if not self._claim_all("time", time_records.unbilled, self.selection.has_time):
            return False
        if self.wanted.basis is Basis.PROJECT and self.wanted.materials:
            return self._claim_all("materials", materials.unbilled, self.selection.has_material)
        return True

    def _draw(self) -> None:
        """Raises Overdrawn where less is left than is wanted."""
        tenant_id = self.job.tenant_id
        for one in self.wanted.portions:
            amount = None
            if not self._drawn_before(one.project_id, one.phase_id):
                project = projects.get(tenant_id, one.project_id)
                phase = phases.get(tenant_id, one.phase_id) if one.phase_id else None
                amount = amount_of(one, project, phase)
            draws.draw(tenant_id, self.invoice_id, one.project_id, one.phase_id, amount)

    def _drawn_before(self, project_id: str, phase_id: str) -> bool:
        """Whether an earlier attempt has drawn it; then less is left, and that is right."""
        held = draws.of_invoice(self.job.tenant_id, self.invoice_id)
        return any((one.project_id, one.phase_id) == (project_id, phase_id) for one in held)

    def _claim_all(self, what: str, pages: Pages, wants: Callable[..., bool]) -> bool:
        params, cursor = self.job.params, f"{what}_cursor"
        while not params.get(what):
            if self.part.over:
                return False
            page = pages(
                self.job.tenant_id,
                self.selection.project_ids,
                self.wanted.start,
                self.wanted.end,
                limit=PER_STEP,
                cursor=params.get(cursor),
            )
            chosen: Sequence[Any] = [piece for piece in page.items if wants(piece)]
            refused = claims.claim(self.job.tenant_id, self.invoice_id, chosen)
            params["missed"] = params.get("missed", 0) + len(refused)
            self._count(len(chosen) - len(refused))
            params[cursor] = page.next
            params[what] = page.next is None or self.job.progress["done"] >= MOST_PIECES
        return True

    def _count(self, claimed: int) -> None:
        progress = self.job.progress
        progress["done"] = progress.get("done", 0) + claimed
        progress["total"] = max(progress.get("total", 0), progress["done"])
