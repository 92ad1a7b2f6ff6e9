"""Taking back what a file brought, or going on with what was stopped."""

import pytest

from chalicelib.dispatch import store
from chalicelib.dispatch.cancel import cancel
from chalicelib.dispatch.model import JobState, More
from chalicelib.errors import Conflict, NotFound
from chalicelib.work import claims, time_records, uploads
from chalicelib.work.intake import jobs, take, take_back
from chalicelib.work.intake.answers import Answers
from chalicelib.work.intake.jobs import Kind
from chalicelib.work.intake.standing import ImportStage, standing
from tests.work.intake.conftest import ANN, TENANT, everything, ticking

HEADER = "User,Client,Project,Task,Description,Billable,Start date,Duration,Amount (NZD)\n"
ROW = "Ana,Boom FM,App,Design,Icons,Yes,2026-11-03,01:00:00,150.00\n"
TWO = HEADER + ROW + ROW.replace("Icons", "Fonts")


@pytest.fixture
def bring_in(aws, arrive):
    def act(content: str) -> str:
        import_id = arrive(content)
        assert take.start(ANN, import_id, Answers()).state is JobState.DONE
        aws.clock.advance(seconds=1)
        return import_id

    return act


def test_only_what_this_file_brought_goes(bring_in):
    bring_in(HEADER + ROW)
    later = bring_in(TWO)
    job = take_back.start(ANN, later)
    assert (job.state, job.message) == (JobState.DONE, "1 time record taken back.")
    assert [record.note for record in everything()] == ["Icons"]
    assert standing(TENANT, later).stage is ImportStage.TAKEN_BACK


def test_what_an_invoice_bills_stays(bring_in):
    import_id = bring_in(TWO)
    claims.claim(TENANT, "i1", everything()[:1])
    job = take_back.start(ANN, import_id)
    assert job.message == "1 time record taken back; 1 stays, because an invoice bills them."
    assert [record.invoice_id for record in everything()] == ["i1"]


def test_it_can_be_brought_in_again(aws, bring_in):
    import_id = bring_in(TWO)
    before = everything()
    take_back.start(ANN, import_id)
    aws.clock.advance(seconds=1)
    job = take.start(ANN, import_id, Answers())
    assert job.progress["created"] == 2
    assert everything() == before
    assert standing(TENANT, import_id).stage is ImportStage.TAKEN


def test_asking_again_takes_nothing_more_back(bring_in):
    import_id = bring_in(TWO)
    first = take_back.start(ANN, import_id)
    assert take_back.start(ANN, import_id).ticket == first.ticket


def test_nothing_is_taken_back_that_was_not_brought_in(arrive):
    with pytest.raises(Conflict):
        take_back.start(ANN, arrive(TWO))
    with pytest.raises(NotFound):
        take_back.start(ANN, "0" * 26)


class TestStoppedHalfWay:
    @pytest.fixture
    def import_id(self, aws, arrive) -> str:
        """An import that was cancelled when its first hundred were stored."""
        rows = "".join(ROW.replace("Icons", f"Icon {n}") for n in range(120))
        import_id = arrive(HEADER + rows)
        params = {"etag": uploads.arrived(TENANT, import_id).etag, "answers": {}}
        job = jobs.wanted(ANN, Kind.TAKE, import_id, params)
        store.ask(job)
        while job.progress.get("created", 0) < 100:
            assert isinstance(take.handle(job, ticking(aws, looks=1)), More)
            store.update(job)
        cancel(ANN, job.job_id)
        aws.clock.advance(seconds=1)
        assert len(everything()) == 100
        return import_id

    def test_is_said_and_goes_on_when_it_is_asked_for(self, import_id):
        assert standing(TENANT, import_id).stopped.state is JobState.CANCELLED
        job = take.start(ANN, import_id, Answers())
        assert (job.state, job.progress["created"]) == (JobState.DONE, 120)
        assert len(everything()) == 120

    def test_or_is_taken_back(self, import_id):
        assert take_back.start(ANN, import_id).message == "100 time records taken back."
        assert not everything()

    def test_begins_anew_with_other_answers_and_adds_nothing_twice(self, import_id):
        job = take.start(ANN, import_id, Answers(rate="99"))
        assert job.progress["created"] == 120
        assert len(everything()) == 120


def test_an_import_under_way_is_not_taken_back(aws, arrive):
    import_id = arrive(TWO)
    job = jobs.wanted(
        ANN,
        Kind.TAKE,
        import_id,
        {"etag": uploads.arrived(TENANT, import_id).etag, "answers": {}},
    )
    take.handle(job, ticking(aws, looks=9))
    store.ask(job)
    with pytest.raises(Conflict):
        take_back.start(ANN, import_id)


def test_a_record_that_was_changed_goes_too(bring_in):
    import_id = bring_in(HEADER + ROW)
    time_records.change(TENANT, everything()[0].record_id, note="Icons, again")
    take_back.start(ANN, import_id)
    assert not everything()
