"""The guards: where each stands, what is left without it, and the tests that must then fail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """A few words of code that keep a promise; ``old`` is found once in ``file``."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


TOKENS = "tests/connection/test_tokens.py"
ENDING = "tests/connection/test_ending.py"
SWITCHING = "tests/connection/test_switching.py"
FEATURES = "tests/connection/test_features.py"
CONSENT = "tests/connection/test_connecting.py::TestState"
OTHER_BOOKS = "tests/invoices/test_other_books.py"
BILLERS = "tests/properties/test_billing_machine.py"
BUILDING = "tests/invoices/test_building.py"
DEPOSITS = "tests/invoices/test_billing_projects.py::TestDeposits"
DRIFT = "tests/invoices/test_drift.py"
EDITING = "tests/invoices/test_editing.py"
SENDING = "tests/invoices/test_sending.py"
FIRST = "tests/dispatch/test_first.py"
SYNC = "tests/invoices/test_sync.py"
RESOLVING = "tests/invoices/test_resolving.py"
CREDITING = "tests/invoices/test_crediting.py"
REVISING = "tests/invoices/test_revising.py"
THEIRS = f"{REVISING}::TestSomebodyElseInXero"
WRONG = f"{REVISING}::TestWhateverGoesWrong"
IMPORTING = "tests/work/intake/test_importing.py"
REPORTS = "tests/work/intake/test_reports.py"
RESOLVE = "tests/reference/test_resolve.py"
BUDGET = "tests/dispatch/test_budget.py"
COUNTING = "TestAgainstACountingXero::test_never_a_61st_call_nor_background_in_what_is_kept"
FLEET = "tests/dispatch/test_fleet.py"
LEASE = "tests/dispatch/test_lease.py"
MONTH = "tests/invoices/test_month_end.py"
READING = "tests/reference/contacts/test_reading.py"
KEYS = "tests/people/test_api_keys.py"
EXTRAS = "tests/invoices/test_extras.py"
EMAILS = f"{EXTRAS}::TestEmail"
STRANGERS = "tests/attacks/test_other_tenants.py"

GUARDS = (
    Guard(
        "one process refreshes a grant",
        "chalicelib/connection/grants.py",
        """    free = (GrantRow.version == row.version) & (
        GrantRow.lease_holder.does_not_exist() | (GrantRow.lease_until < stamp(now))
    )
""",
        """    free = GrantRow.pk.exists()
""",
        (f"{TOKENS}::test_who_read_a_refresh_half_done_does_not_refresh_again",),
    ),
    Guard(
        "the next refresh token is stored by its reader only",
        "chalicelib/connection/grants.py",
        "return update(row, actions, _held(row, holder))\n\n\ndef add_access",
        "return update(row, actions, GrantRow.pk.exists())\n\n\ndef add_access",
        (f"{TOKENS}::test_a_slow_process_cannot_put_its_token_over_a_newer_consent",),
    ),
    Guard(
        "the versions of a grant never come again",
        "chalicelib/connection/grants.py",
        "GrantRow.version.set((GrantRow.version | _milliseconds(now)) + 1)",
        "GrantRow.version.add(1)",
        (f"{TOKENS}::test_a_token_of_a_grant_that_was_let_go_is_not_taken_for_one_of_the_next",),
    ),
    Guard(
        "only invalid_grant ends a grant",
        "chalicelib/connection/tokens.py",
        "        token_set = _ask(row.refresh_token())\n    except GrantEnded:",
        "        token_set = _ask(row.refresh_token())\n"
        "    except (GrantEnded, XeroUnavailable):",
        (f"{TOKENS}::test_a_fault_of_xeros_discards_nothing",),
    ),
    Guard(
        "a failed keep-alive is tried again within minutes",
        "chalicelib/connection/keep_alive.py",
        "            _try_again(xero_userid)\n        seen",
        "        seen",
        (f"{ENDING}::TestKeepAlive::test_tries_again_before_xero_forgets_that_it_answered",),
    ),
    Guard(
        "a grant that another tenant uses is not revoked",
        "chalicelib/connection/revoke.py",
        " and not row.used_by:\n        revoke_unused(row)",
        ":\n        _reserve(row, wiring.current().clock.now())\n"
        "        reach.identity().revoke(row.refresh_token())",
        (f"{ENDING}::test_a_grant_that_another_tenant_uses_is_not_revoked",),
    ),
    Guard(
        "a ciphertext belongs to its user and kind",
        "chalicelib/connection/sealing.py",
        'return {"xero_userid": identity, "kind": kind}',
        'return {"app": "workbill"}',
        ("tests/connection/test_sealed_at_rest.py",),
    ),
    Guard(
        "the state of a consent is compared",
        "chalicelib/connection/consents.py",
        "if late or not hmac.compare_digest(row.state_hash, _hash(state)):",
        "if late:",
        (f"{CONSENT}::test_that_is_forged_is_refused_and_spends_nothing",),
    ),
    Guard(
        "the state of a consent serves once",
        "chalicelib/connection/consents.py",
        "return consent if _spend(row) else None",
        "return consent",
        (f"{CONSENT}::test_serves_once",),
    ),
    Guard(
        "a consent belongs to who began it",
        "chalicelib/connection/authorise.py",
        "if consent is None or (consent.user_id, consent.tenant_id) != mine:",
        "if consent is None or not mine:",
        (f"{CONSENT}::test_of_another_user_is_refused",),
    ),
    Guard(
        "an organisation belongs to one tenant",
        "chalicelib/connection/store.py",
        "            transaction.save(owner, condition=ours)",
        "            transaction.save(owner)",
        ("tests/connection/test_connecting.py::test_two_that_connect_at_once_do_not_share",),
    ),
    Guard(
        "another organisation waits for a person's word",
        "chalicelib/connection/authorise.py",
        '    if previous.organisation_id not in {"", chosen.organisation_id}:\n',
        "    if previous is None:\n",
        (f"{SWITCHING}::TestAsking::test_nothing_changes_before_a_person_confirms",),
    ),
    Guard(
        "a grant that waits to be confirmed is not let go",
        "chalicelib/connection/revoke.py",
        "    return live or (waiting is not None and waiting.xero_userid == xero_userid)",
        "    return live",
        (f"{SWITCHING}::TestConfirming::test_goes_over_and_ends_the_one_before",),
    ),
    Guard(
        "what another tenant connected meanwhile is not closed",
        "chalicelib/connection/switch.py",
        "    if store.tenant_of(dropped.organisation_id) not in {None, job.tenant_id}:",
        "    if not dropped.organisation_id:",
        (
            f"{SWITCHING}::TestDeclining::test_leaves_alone_what_another_tenant_connected_meanwhile",
        ),
    ),
    Guard(
        "nobody is at work in the books that are left",
        "chalicelib/connection/switch.py",
        "    lane = lanes.take(previous.organisation_id, present.token(), now)\n",
        "    lane = lanes.get(previous.organisation_id)\n",
        (f"{SWITCHING}::TestConfirming::test_waits_for_a_worker_that_is_in_the_books_before",),
    ),
    Guard(
        "a dead grant's connection is ended by the app",
        "chalicelib/connection/tell.py",
        "            delete(identity.app_token())\n",
        "            pass\n",
        (f"{ENDING}::test_a_dead_grant_can_still_be_disconnected",),
    ),
    Guard(
        "more is asked of Xero only where it is switched on",
        "chalicelib/connection/features.py",
        "for feature in Feature if feature in connection.features)",
        "for feature in Feature)",
        (f"{FEATURES}::test_the_writing_scope_is_asked_for_in_the_place_of_the_reading_one",),
    ),
    Guard(
        "a feature without its permission does not break the rest",
        "chalicelib/connection/access.py",
        "    if feature and isinstance(error, XeroScopeMissing):",
        "    if error is None:",
        (f"{FEATURES}::test_a_scope_that_xero_refuses_rests_the_feature_and_nothing_else",),
    ),
    Guard(
        "a client's link counts in its own organisation",
        "chalicelib/work/kept_apart.py",
        "    if row.books is None or row.books == present.organisation_id:\n",
        "    if present is not None:\n",
        ("tests/work/test_kept_apart.py::test_a_link_counts_in_its_own_organisation_only",),
    ),
    Guard(
        "an invoice goes to the books it was made for",
        "chalicelib/invoices/preflight.py",
        'if invoice.organisation_id not in {"", facts.organisation_id}:',
        "if facts is None:",
        (f"{OTHER_BOOKS}::test_what_was_queued_before_never_goes_to_other_books",),
    ),
    Guard(
        "a form bears its token",
        "chalicelib/console/routing.py",
        "if (origin and origin != ours) or not hmac.compare_digest("
        "sent.encode(), visit.csrf.encode()):",
        "if origin and origin != ours:",
        ("tests/attacks/test_forged_forms.py::test_every_form_is_refused_without_its_token",),
    ),
    Guard(
        "what matters demands a recent second factor",
        "chalicelib/people/sessions.py",
        "if not second_factor_recent(session, wiring.current().clock.now()):",
        "if session is None:",
        ("tests/console/test_xero_page.py::test_connecting_demands_a_recent_second_factor",),
    ),
    Guard(
        "a job of another tenant is not found",
        "chalicelib/api/jobs.py",
        "if job.tenant_id != call.tenant_id:",
        "if not job.tenant_id:",
        ("tests/api/test_connection.py::test_a_job_of_another_tenant_is_not_found",),
    ),
    Guard(
        "a webhook is signed",
        "chalicelib/webhooks/signature.py",
        "return hmac.compare_digest(base64.b64encode(digest), signature.encode())",
        "return bool(digest)",
        ("tests/webhooks/test_door.py::test_forged_delivery_enqueues_nothing",),
    ),
    Guard(
        "a record is claimed only if it is unbilled",
        "chalicelib/work/claims.py",
        """        condition=BillableRow.unbilled_key.exists()
        & BillableRow.invoice_id.does_not_exist()
        & (BillableRow.version == piece.version),
""",
        """        condition=BillableRow.pk.exists(),
""",
        ("tests/work/test_claims.py::test_what_another_invoice_has_is_refused_by_name",),
    ),
    Guard(
        "a record is claimed only as it was read",
        "chalicelib/work/claims.py",
        "\n        & (BillableRow.version == piece.version),",
        ",",
        ("tests/work/test_claims.py::test_a_record_changed_since_it_was_read_is_refused",),
    ),
    Guard(
        "what is claimed is paired with its invoice",
        "chalicelib/work/claims.py",
        "    transaction.save(pair)\n",
        "    del pair\n",
        (BILLERS, "tests/work/test_claims.py::test_released_records_are_unbilled_as_before"),
    ),
    Guard(
        "undoing reads every pair",
        "chalicelib/work/claims.py",
        "PairRow.sk.startswith(prefix), consistent_read=True\n",
        "PairRow.sk.startswith(prefix), consistent_read=True, limit=PER_WRITE\n",
        ("tests/work/test_claims.py::test_released_records_are_unbilled_as_before",),
    ),
    Guard(
        "nothing is left of what is discarded",
        "chalicelib/invoices/store.py",
        "for prefix in (LINES, LINE_WORK):",
        "for prefix in (LINES,):",
        (f"{BUILDING}::test_large_draft_is_let_go_by_a_job_and_nothing_of_it_stays",),
    ),
    Guard(
        "a deposit comes back with the change that drops it",
        "chalicelib/invoices/edit.py",
        "deposits.give_back_in(transaction, tenant_id, invoice_id, deposit_id)",
        "deposits.release(tenant_id, deposit_id)",
        (f"{DEPOSITS}::test_come_back_when_the_invoice_or_the_line_goes",),
    ),
    Guard(
        "a fixed price is drawn only while so much is left",
        "chalicelib/work/draws.py",
        "(kind.price == price) & (kind.drawn_cents <= int(price * CENTS) - cents)",
        "kind.price == price",
        ("tests/work/test_draws.py::test_of_two_who_read_the_same_rest_one_gets_it",),
    ),
    Guard(
        "a deposit is taken off only while so much is left",
        "chalicelib/invoices/deposits.py",
        "        & (InvoiceRow.deducted_cents <= most - cents),\n",
        "        & InvoiceRow.pk.exists(),\n",
        ("tests/invoices/test_billing_projects.py::TestDeposits::test_of_two_at_once_one_does",),
    ),
    Guard(
        "a draft is changed only as it was read",
        "chalicelib/invoices/store.py",
        """        actions=_actions(tenant_id, stored) + _line_actions(tenant_id, invoice),
        condition=InvoiceRow.version == invoice.version,
""",
        """        actions=_actions(tenant_id, stored) + _line_actions(tenant_id, invoice),
""",
        (f"{EDITING}::test_an_edit_that_loses_at_the_last_moment_stores_nothing",),
    ),
    Guard(
        "a call is on record before it is made",
        "chalicelib/invoices/send_job.py",
        "        return self.sending.make(\n"
        "            call, calls.begin(tenant_id, call, frozen, read.numbers, self.wish)\n"
        "        )\n",
        "        made = self.sending.make(call, frozen)\n"
        "        calls.begin(tenant_id, call, frozen, read.numbers, self.wish)\n"
        "        return made\n",
        ("tests/invoices/test_crashes.py", SENDING),
    ),
    Guard(
        "an open call is looked up before it is repeated",
        "chalicelib/invoices/sending.py",
        "        missing = self._look(call, self._unsettled(call))\n        if not missing:",
        "        missing = self._unsettled(call)\n        if not missing:",
        ("tests/invoices/test_crashes.py", SENDING),
    ),
    Guard(
        "a number is looked up in every status",
        "chalicelib/invoices/reconcile.py",
        "    found = _ours(of_numbers(books, [invoice.number for invoice in invoices]), wanted)",
        "    listed = of_numbers(books, [invoice.number for invoice in invoices])\n"
        "    found = _ours((one for one in listed if one.status not in ENDED), wanted)\n"
        "    if len(found) < len(wanted):\n"
        "        return found",
        (f"{SENDING}::test_ended_invoice_is_adopted_and_not_sent_again",),
    ),
    Guard(
        "a key that Xero may have forgotten is not used again",
        "chalicelib/invoices/calls.py",
        "            and now - self.key_used_at < KEY_REMEMBERED\n",
        "",
        (f"{SENDING}::test_after_six_minutes_a_new_key_is_taken",),
    ),
    Guard(
        "an error that Xero remembers takes a new key",
        "chalicelib/invoices/calls.py",
        "            not self.remembered\n            and body_hash",
        "            body_hash",
        (f"{SENDING}::test_error_that_xero_remembers_gets_a_new_key",),
    ),
    Guard(
        "a new key waits until nothing is under way",
        "chalicelib/invoices/sending.py",
        "        elif now < call.quiet_at and",
        "        elif now < call.key_used_at and",
        (f"{SENDING}::test_new_key_waits_while_a_repetition_may_be_under_way",),
    ),
    Guard(
        "a call that somebody else settled is not taken up again",
        "chalicelib/invoices/calls.py",
        "save(condition=CallRow.tries == call.tries)",
        "save()",
        (f"{SENDING}::test_call_that_somebody_else_settled_is_not_repeated",),
    ),
    Guard(
        "only what bears our address is ours",
        "chalicelib/invoices/reconcile.py",
        "        invoice_id = wanted.get(record.url)\n",
        "        invoice_id = wanted.get(record.url) or next(iter(wanted.values()), None)\n",
        (f"{SENDING}::test_number_of_another_document_is_never_overwritten",),
    ),
    Guard(
        "what was renumbered is searched for by its address",
        "chalicelib/invoices/reconcile.py",
        "    if len(found) < len(wanted):\n",
        "    if len(found) < len(wanted) and not invoices[0].number:\n",
        (f"{SENDING}::test_renumbered_invoice_is_found_by_its_address",),
    ),
    Guard(
        "who cannot look does not send",
        "chalicelib/invoices/sending.py",
        "        found = reconcile.look_up(self.books, invoices, call.first_tried_at)\n",
        "        try:\n"
        "            found = reconcile.look_up(self.books, invoices, call.first_tried_at)\n"
        "        except WorkbillError:\n"
        "            found = {}\n",
        (f"{SENDING}::test_who_cannot_look_waits",),
    ),
    Guard(
        "what is given up is queued no more",
        "chalicelib/invoices/send_job.py",
        "                self._give_up(error)\n",
        "                pass\n",
        (f"{SENDING}::test_what_is_given_up_is_queued_no_more",),
    ),
    Guard(
        "what cannot be looked up is seen to be in doubt",
        "chalicelib/invoices/sending.py",
        "        if left:\n",
        "        if not call.key:\n",
        (f"{SENDING}::test_what_cannot_be_looked_up_is_seen_to_be_in_doubt",),
    ),
    Guard(
        "a click goes between the calls of many",
        "chalicelib/invoices/send_job.py",
        "self._somebody_waits():",
        "not self.job.name:",
        ("tests/invoices/test_sending_many.py::test_a_click_goes_among_the_next_two_calls",),
    ),
    Guard(
        "what never arrived is held against Xero",
        "chalicelib/invoices/resolve.py",
        "        own = self._own(part)\n        if own is not None:\n",
        "        own = None\n        if own is not None:\n",
        (f"{RESOLVING}::TestNeverArrived::test_is_held_against_xero",),
    ),
    Guard(
        "no document is taken over where our own arrived",
        "chalicelib/invoices/resolve.py",
        "own is not None and own.invoice_id != record.invoice_id",
        "own is not None and not record.invoice_id",
        (f"{RESOLVING}::TestThisOne::test_is_refused_where_our_own_did_arrive",),
    ),
    Guard(
        "a deposit that is taken off stays as large as it is",
        "chalicelib/invoices/deposits.py",
        "        condition=InvoiceRow.deducted_cents == 0,",
        "        condition=InvoiceRow.pk.exists(),",
        (f"{REVISING}::TestADeposit::test_is_looked_at_again_just_before_the_call",),
    ),
    Guard(
        "a deposit is held while its amount is changed",
        "chalicelib/invoices/revise_job.py",
        "                if other:\n"
        "                    deposits.hold_in(transaction, self.tenant_id, found.sent)\n",
        "",
        (f"{REVISING}::TestADeposit",),
    ),
    Guard(
        "a credit note that is gone from an invoice is looked at",
        "chalicelib/invoices/lost_credits.py",
        "    return before.credited > 0 and any(",
        "    return before.credited < 0 and any(",
        (f"{CREDITING}::TestTakenBackInXero",),
    ),
    Guard(
        "a credit note that was voided takes nothing back",
        "chalicelib/invoices/lost_credits.py",
        "        invoice = replace(invoice, credited=invoice.credited - (note.total or ZERO))\n",
        "",
        (f"{CREDITING}::TestTakenBackInXero",),
    ),
    Guard(
        "a click that failed leaves its job",
        "chalicelib/dispatch/drain.py",
        "        except Exception:\n            wish.keep()\n            raise\n",
        "        except Exception:\n            raise\n",
        (f"{FIRST}::test_a_wish_that_came_to_nothing_is_stored_all_the_same",),
    ),
    Guard(
        "an end does not cover what was asked anew",
        "chalicelib/dispatch/store.py",
        "    transaction.save(_row(job), condition=JobRow.ticket == job.ticket)",
        "    transaction.save(_row(job))",
        (f"{FIRST}::test_who_asks_anew_meanwhile_is_not_covered_by_the_older_end",),
    ),
    Guard(
        "a hint of a later change is looked at",
        "chalicelib/invoices/hints.py",
        "return updated_at is not None and changed_at <= updated_at",
        "return updated_at is not None",
        (f"{SYNC}::TestHints::test_of_a_change_a_millisecond_later_are_news",),
    ),
    Guard(
        "a hint that came before is kept beside a new one",
        "chalicelib/dispatch/store.py",
        "        JobRow.news.add(set(job.news)),",
        "        JobRow.news.set(set(job.news)),",
        (f"{SYNC}::TestHints::test_wait_beside_those_that_came_before_and_were_not_looked_at",),
    ),
    Guard(
        "nothing is queued without its job",
        "chalicelib/invoices/send.py",
        "            jobs.ask_in(transaction, job, anew=True)\n            write(transaction)\n",
        "            write(transaction)\n",
        (f"{SENDING}::test_nothing_is_queued_without_a_job",),
    ),
    Guard(
        "a client's tax goes before that of what is sold",
        "chalicelib/reference/resolve.py",
        """    Layer.LINE,
    Layer.CLIENT,
    Layer.CONTACT,
    Layer.TASK,
    Layer.RATE,
    Layer.PROJECT,
""",
        """    Layer.LINE,
    Layer.TASK,
    Layer.RATE,
    Layer.PROJECT,
    Layer.CLIENT,
    Layer.CONTACT,
""",
        (f"{RESOLVE}::test_a_zero_rated_client_stays_so_whatever_the_task_and_the_rate",),
    ),
    Guard(
        "a price holds from its day on",
        "chalicelib/work/rates/model.py",
        "if price.currency == wanted and price.since <= day",
        "if price.currency == wanted",
        ("tests/work/test_price.py::test_a_price_holds_from_its_day_on",),
    ),
    Guard(
        "no price is taken for one in another currency",
        "chalicelib/work/rates/model.py",
        "if price.currency == wanted and price.since <= day",
        "if price.since <= day",
        ("tests/work/test_price.py::TestCurrencies::test_none_is_ever_converted",),
    ),
    Guard(
        "halves are rounded up",
        "chalicelib/money.py",
        "return value.quantize(places, rounding=ROUND_HALF_UP)",
        'return value.quantize(places, rounding="ROUND_HALF_EVEN")',
        ("tests/invoices/test_totals.py::test_halves_go_away_from_zero",),
    ),
    Guard(
        "prices are asked for at four decimals",
        "chalicelib/xero/resources/invoices.py",
        'FOUR_PLACES = {"unitdp": "4"}',
        "FOUR_PLACES: dict[str, str] = {}",
        ("tests/xero/test_accounting.py",),
    ),
    Guard(
        "one worker at a time has a lane",
        "chalicelib/dispatch/lane.py",
        "    if not _update(row, actions, free):",
        "    if not _update(row, actions, LaneRow.pk.exists() | LaneRow.pk.does_not_exist()):",
        ("tests/dispatch/test_dispatch.py::test_the_lease_lets_one_worker_in",),
    ),
    Guard(
        "a look between two of a lane's minutes puts off none of them",
        "chalicelib/dispatch/lane.py",
        "        return minute_of(self.status_at) < last",
        "        return last and minute - minute_of(self.status_at) >= self.status_every",
        (f"{FLEET}::test_each_is_looked_at_in_time_and_xero_is_asked_no_more_than_it_allows",),
    ),
    Guard(
        "a part of each day's calls is kept for people",
        "chalicelib/dispatch/budget.py",
        "        if left is None or left > self.kept or self.day_ends is None:",
        "        if left is None or left > 0 or self.day_ends is None:",
        (f"{BUDGET}::TestDay::test_a_tenth_is_kept_for_people", f"{BUDGET}::{COUNTING}"),
    ),
    Guard(
        "a minute takes no more calls than Xero does",
        "chalicelib/dispatch/budget.py",
        "        own = most - self.used\n",
        "        own = most\n",
        (f"{BUDGET}::TestMinute",),
    ),
    Guard(
        "a call is counted before the next one is made",
        "chalicelib/dispatch/lease.py",
        "        self._made.append(made)\n",
        "        self._made.clear()\n",
        (f"{LEASE}::test_each_call_costs_one_update_and_the_last_goes_with_the_lease",),
    ),
    Guard(
        "a call of a worker that died is counted",
        "chalicelib/dispatch/lease.py",
        "        self._uncounted = lane.orphaned\n",
        "        self._uncounted = False\n",
        (f"{LEASE}::test_a_call_of_a_worker_that_died_is_counted",),
    ),
    Guard(
        "calls outside the lane keep to the same minute",
        "chalicelib/dispatch/meter.py",
        "        lease.refuse((lane.tally or usage.new_tally())"
        ".budget.refusal(now, for_people=True))\n",
        "        lease.refuse(None)\n",
        (f"{LEASE}::test_outside_the_lane_nobody_calls_in_a_minute_that_is_used_up",),
    ),
    Guard(
        "a limit parks the lane until the time that Xero named",
        "chalicelib/dispatch/setbacks.py",
        "        return timedelta(seconds=error.retry_after)\n",
        "        return timedelta(seconds=min(error.retry_after, 900))\n",
        ("tests/dispatch/test_faults_of_xero.py",),
    ),
    Guard(
        "nobody calls Xero in a lane that another holds by now",
        "chalicelib/dispatch/lane.py",
        "        condition &= LaneRow.lease_holder == lane.holder\n",
        "",
        (f"{LEASE}::test_nothing_is_called_in_a_lane_that_another_has_by_now",),
    ),
    Guard(
        "a look at changes begins before the last one seen",
        "chalicelib/invoices/sync.py",
        "since = (seen or _first_made(tenant_id)) - OVERLAP",
        "since = seen or _first_made(tenant_id)",
        ("tests/invoices/test_sync.py::test_change_just_before_the_watermark_is_not_missed",),
    ),
    Guard(
        "contacts are read again from a little before the last look",
        "chalicelib/reference/import_clients.py",
        "settled = parse_stamp(run.began) - OVERLAP",
        "settled = parse_stamp(run.began)",
        (f"{READING}::test_a_change_that_shows_late_is_not_missed",),
    ),
    Guard(
        "an import goes on where it stopped",
        "chalicelib/reference/import_clients.py",
        "Run.load(self.job.params) or self._begin()",
        "self._begin()",
        (f"{READING}::test_each_page_is_read_once_however_many_workers_it_takes",),
    ),
    Guard(
        "no client is made of a contact that cannot be billed",
        "chalicelib/reference/upsert_clients.py",
        'return AWAY.get(facts.standing, "")',
        'return ""',
        (
            (
                "tests/reference/contacts/test_importing.py::TestStanding"
                "::test_no_client_is_made_of_who_cannot_be_billed"
            ),
        ),
    ),
    Guard(
        "a rate that changes is judged at once",
        "chalicelib/work/rates/recheck.py",
        "    check_mapping.check(tenant_id)\n",
        "    assert check_mapping\n",
        ("tests/reference/test_planted_faults.py::test_a_rate_that_changes_is_judged_at_once",),
    ),
    Guard(
        "a day that is locked in Xero is not sent",
        "chalicelib/invoices/preflight.py",
        "        *_of_organisation(invoice, facts),\n",
        "",
        ("tests/invoices/test_preflight.py::test_a_day_that_was_locked_since_is_not_sent",),
    ),
    Guard(
        "an archived account takes no lines",
        "chalicelib/reference/model.py",
        "            self.status == ACTIVE\n            and self.class_ == REVENUE\n",
        "            self.class_ == REVENUE\n",
        (
            (
                "tests/reference/test_codes.py::TestWhatComesIn"
                "::test_accounts_for_lines_are_revenue_active_and_not_the_systems"
            ),
        ),
    ),
    Guard(
        "an account that Xero no longer lists is deleted",
        "chalicelib/reference/read_codes.py",
        "merge.with_renumbered(listed, known) if since else merge.with_gone(listed, known)",
        "merge.with_renumbered(listed, known)",
        (
            (
                "tests/reference/test_codes.py::TestChanges"
                "::test_a_deleted_account_is_noticed_and_kept_as_deleted"
            ),
        ),
    ),
    Guard(
        "an occurrence of a plan is made in its turn only",
        "chalicelib/plans/occur.py",
        "if plan.due_at is None or plan.next is None or plan.next.number != number:",
        "if plan.due_at is None or plan.next is None:",
        (
            (
                "tests/plans/test_billing_run.py::TestInstalments"
                "::test_job_that_comes_again_brings_nothing_back"
            ),
        ),
    ),
    Guard(
        "a fault of a layer is found where nothing stands under it",
        "chalicelib/reference/lint.py",
        "        *_of_layers(facts),\n",
        "",
        (
            (
                "tests/reference/test_planted_faults.py"
                "::test_twenty_planted_faults_are_found_and_no_other"
            ),
        ),
    ),
    Guard(
        "a file that names what is not here is refused as a whole",
        "chalicelib/reference/import_mapping.py",
        "    if found.unmatched:\n",
        "    if not chosen:\n",
        (
            (
                "tests/reference/test_mapping_files.py::TestKept"
                "::test_one_thing_that_is_not_here_refuses_the_whole"
            ),
        ),
    ),
    Guard(
        "a mapping is switched only from the one that was compared",
        "chalicelib/reference/choices.py",
        "    if int(present.version) != seen:\n        raise Conflict(CHANGED)\n",
        "",
        (
            (
                "tests/reference/test_mapping_files.py::TestKept"
                "::test_a_mapping_that_changed_meanwhile_is_not_overwritten"
            ),
        ),
    ),
    Guard(
        "an API key ends with its last day",
        "chalicelib/people/api_keys.py",
        "if row.ends_at is not None and now >= parse_stamp(row.ends_at):",
        "if row.ends_at is not None and now is None:",
        (f"{KEYS}::test_a_key_works_to_the_end_of_its_last_day_on_the_tenants_clock",),
    ),
    Guard(
        "a key with the right to admin needs a recent second factor",
        "chalicelib/console/api_keys.py",
        "    if Scope.ADMIN in scopes:\n",
        "    if not scopes:\n",
        (
            (
                "tests/console/test_signing_in.py"
                "::test_what_matters_asks_for_the_second_factor_and_comes_back"
            ),
        ),
    ),
    Guard(
        "a route of the API takes its scope",
        "chalicelib/api/routing.py",
        "            caller.must_have(operation.scope)\n",
        "",
        ("tests/attacks/test_small_keys.py::test_every_route_refuses_a_key_without_its_scope",),
    ),
    Guard(
        "an export of another tenant is not found",
        "chalicelib/audit/export.py",
        "if wanted.tenant_id == tenant_id and wanted.kind == KIND:",
        "if wanted.kind == KIND:",
        (f"{STRANGERS}::test_anothers_id_answers_as_one_that_nobody_has",),
    ),
    Guard(
        "no form leads away from us",
        "chalicelib/console/routing.py",
        'return path if safe else "/home"',
        "return path",
        ("tests/attacks/test_led_astray.py::test_no_form_leads_away_from_us",),
    ),
    Guard(
        "a cookie is locked to the host where https",
        "chalicelib/console/headers.py",
        'return f"__Host-workbill-{name}"',
        'return f"workbill-{name}"',
        ("tests/attacks/test_cookies.py::test_every_cookie_is_for_our_pages_only",),
    ),
    Guard(
        "a message that cannot be sent fails nothing",
        "chalicelib/mail/send.py",
        '        return _failed(letter, error.response["Error"]["Code"])',
        "        raise",
        ("tests/mail/test_sending.py::test_a_message_that_cannot_be_sent_fails_nothing",),
    ),
    Guard(
        "who was told of a lost connection is not told again",
        "chalicelib/mail/administrators.py",
        "if not user.administers or user.user_id in told:",
        "if not user.administers:",
        ("tests/mail/test_connection_lost.py::test_who_was_told_is_not_told_again",),
    ),
    Guard(
        "nobody is flooded with links",
        "chalicelib/people/invite.py",
        "    throttle.count(throttle.LINK_OF_ACCOUNT, user.email)\n"
        "    link = links.issue(user)\n"
        '    trail.record(caller, "user invited"',
        '    link = links.issue(user)\n    trail.record(caller, "user invited"',
        ("tests/mail/test_sending.py::test_nobody_is_flooded_with_links",),
    ),
    Guard(
        "a record that is there is never replaced by a file",
        "chalicelib/work/add_time.py",
        "transaction.save(TimeRow.of(tenant_id, record), condition=TimeRow.pk.does_not_exist())",
        "transaction.save(TimeRow.of(tenant_id, record))",
        (f"{IMPORTING}::test_what_is_on_an_invoice_stays_there_when_its_row_comes_again",),
    ),
    Guard(
        "equal rows of a file are told apart",
        "chalicelib/work/intake/pages.py",
        "self.seen[equal] = self.seen.get(equal, 0) + 1",
        "self.seen[equal] = 1",
        (f"{IMPORTING}::test_equal_rows_both_count_and_one_more_adds_one",),
    ),
    Guard(
        "a day that can be read two ways is asked about",
        "chalicelib/work/intake/dates.py",
        """    if choice and all(
        found[choice] == found[other] for found in told.values() for other in possible
    ):
""",
        """    if choice:
""",
        (f"{REPORTS}::test_an_ambiguous_order_of_days_is_asked_about",),
    ),
    Guard(
        "what was invoiced elsewhere is never billable",
        "chalicelib/work/time_records.py",
        "if after.billed_elsewhere and after.billable:",
        "if after.billed_elsewhere and not after.minutes:",
        (f"{IMPORTING}::TestInvoicedElsewhere::test_is_kept_and_never_billed",),
    ),
    Guard(
        "what is sent again changes no record on an invoice",
        "chalicelib/work/renew_time.py",
        "    if before.invoice_id:\n        return",
        "    if before.version < 0:\n        return",
        ("tests/api/test_work.py::test_what_is_sent_again_counts_until_it_is_invoiced",),
    ),
    Guard(
        "no cell of a spreadsheet is a formula",
        "chalicelib/spreadsheet.py",
        "cell[:1] in FORMULA and cell else cell",
        "not cell else cell",
        ("tests/test_spreadsheet.py",),
    ),
    Guard(
        "a change is written as it was approved",
        "chalicelib/invoices/revise.py",
        "        if not approved or would.approval != approved:",
        "        if not would.approval:",
        (f"{REVISING}::TestWriting::test_anything_but_the_approved_is_refused",),
    ),
    Guard(
        "nobody's change in Xero is written over",
        "chalicelib/invoices/revise_job.py",
        "        if shown.theirs != found.theirs:\n            return self",
        "        if shown.theirs is None:\n            return self",
        (f"{THEIRS}::test_who_changes_it_after_the_look_is_not_written_over",),
    ),
    Guard(
        "a change is looked up before it is repeated",
        "chalicelib/invoices/revise_job.py",
        "        if self._carried(found, record):\n"
        "            return self._settle(found, record)\n"
        "        if found.tries",
        "        if found.tries",
        (f"{REVISING}::TestWhateverGoesWrong::test_a_change_that_is_there_is_not_written_again",),
    ),
    Guard(
        "a credit note is searched for before it is asked for again",
        "chalicelib/invoices/credit_job.py",
        "        there = self._look(found)\n"
        "        if there:\n"
        "            return self._noted(found, there)\n"
        "        if found.tries",
        "        if found.tries",
        (f"{CREDITING}::TestWhateverGoesWrong::test_a_lost_answer_long_ago_makes_no_second_one",),
    ),
    Guard(
        "no more is credited than is left of a line",
        "chalicelib/invoices/credit.py",
        "    if not min(ZERO, most) <= amount <= max(ZERO, most):",
        "    if not amount:",
        (f"{CREDITING}::TestInPart::test_more_than_is_left_is_refused",),
    ),
    Guard(
        "what ended in Xero is not credited",
        "chalicelib/invoices/credit_job.py",
        "        if record.status not in CREDITABLE:\n            told",
        "        if not record.status:\n            told",
        (f"{CREDITING}::TestRefusing::test_what_was_voided_meanwhile_is_not_credited",),
    ),
    Guard(
        "what was approved is sent, or nothing is",
        "chalicelib/invoices/send_job.py",
        "        return (other,) if other else preflight.blocking(found)",
        "        return preflight.blocking(found)",
        ("tests/invoices/test_approval.py::test_anything_else_is_refused_before_it_is_sent",),
    ),
    Guard(
        "only the differences that were seen are accepted",
        "chalicelib/invoices/accept.py",
        'if invoice.drift is None or invoice.drift.seen != job.params["seen"]:',
        "if invoice.drift is None:",
        (f"{DRIFT}::test_what_changed_since_it_was_seen_is_not_accepted",),
    ),
    Guard(
        "what is let be is told again once it is another difference",
        "chalicelib/invoices/notice.py",
        "if invoice.drift and invoice.drift.seen == seen:",
        "if invoice.drift:",
        (f"{DRIFT}::test_ignored_until_it_is_another_difference",),
    ),
    Guard(
        "a record that moves while pages are read is not lost from a month",
        "chalicelib/invoices/month_end.py",
        'if len(there) < job.params["listed"]:',
        "if not there:",
        (f"{MONTH}::test_a_record_that_moves_while_pages_are_read_is_not_lost",),
    ),
    Guard(
        "what a month has on one side only is named",
        "chalicelib/invoices/reckon.py",
        "        for one in left.values():\n",
        "        for one in ():\n",
        (f"{MONTH}::test_what_is_not_the_same_is_named_and_makes_up_the_difference",),
    ),
    Guard(
        "a webhook goes to public addresses only",
        "chalicelib/events/post.py",
        "        if not found or len(allowed) < len(found):",
        "        if not found or not allowed:",
        ("tests/events/test_post.py::test_never_connects_to_what_is_not_public",),
    ),
    Guard(
        "an address of IPv6 that stands for a private one is private",
        "chalicelib/events/addresses.py",
        "        if inner or found.scope_id:",
        "        if found.scope_id:",
        ("tests/events/test_addresses.py::test_refuses_what_is_not_a_public_address",),
    ),
    Guard(
        "a webhook goes to the very address that was judged",
        "chalicelib/events/post.py",
        "        reach = self.connect(address, port, CONNECT_SECONDS)",
        "        reach = self.connect(self.resolve(host, port)[0], port, CONNECT_SECONDS)",
        ("tests/events/test_post.py::test_a_name_that_changes_its_answer_leads_nowhere_else",),
    ),
    Guard(
        "no receiver holds a worker for long",
        "chalicelib/events/post.py",
        "        socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)",
        "        connection.sock.gettimeout()",
        ("tests/events/test_post.py::test_a_receiver_that_answers_byte_by_byte_is_left",),
    ),
    Guard(
        "a webhook's signature covers its time and its id",
        "chalicelib/events/sign.py",
        'content = b".".join((event_id.encode(), seconds.encode(), body))',
        "content = body",
        ("tests/events/test_signature.py::test_agrees_with_a_signature_published_elsewhere",),
    ),
    Guard(
        "a change and what it tells are stored together",
        "chalicelib/invoices/calls.py",
        """            if listened:
                teller.put_in(transaction, happenings)
    except""",
        """        with TransactWrite(connection=transaction_connection()) as transaction:
            if listened:
                teller.put_in(transaction, happenings)
    except""",
        (
            "tests/events/test_telling.py::test_dying_after_any_write_tells_each_change_once_and_in_order",
        ),
    ),
    Guard(
        "what has its number leaves the outbox in the same transaction",
        "chalicelib/events/log.py",
        """        transaction.delete(untold, condition=OutboxRow.pk.exists())
    return""",
        """    untold.delete()
    return""",
        (
            "tests/events/test_telling.py::test_dying_after_any_write_tells_each_change_once_and_in_order",
        ),
    ),
    Guard(
        "the cursor moves after the answer",
        "chalicelib/events/deliver.py",
        "                outcome = post_once(endpoint,",
        "                endpoints.change(endpoint, [_moved(event)])\n"
        "                outcome = post_once(endpoint,",
        (
            "tests/events/test_telling.py::test_dying_after_a_delivery_tells_it_again_under_the_same_id",
        ),
    ),
    Guard(
        "nothing follows a sending but what was chosen",
        "chalicelib/invoices/after_sending.py",
        "    if not (names and invoice_ids):",
        "    if not invoice_ids:",
        (f"{EXTRAS}::test_by_default_a_send_is_one_call_and_nothing_follows",),
    ),
    Guard(
        "that Xero is asked for an extra is on record before it is",
        "chalicelib/invoices/do_extra.py",
        "        self.keep(tried)\n",
        "",
        (
            f"{EMAILS}::test_in_doubt_is_left_to_a_person_and_nothing_is_repeated",
            f"{EMAILS}::test_is_never_sent_twice_wherever_the_worker_dies",
        ),
    ),
    Guard(
        "what somebody e-mailed in Xero is not e-mailed again",
        "chalicelib/invoices/do_extra.py",
        "    if record.sent_to_contact:",
        "    if trying and record.sent_to_contact:",
        (f"{EMAILS}::test_is_not_sent_where_somebody_sent_it_in_xero",),
    ),
    Guard(
        "an e-mail in doubt is repeated by nobody but a person",
        "chalicelib/invoices/do_extra.py",
        "    elif trying:",
        "    elif False:",
        (f"{EMAILS}::test_in_doubt_is_left_to_a_person_and_nothing_is_repeated",),
    ),
    Guard(
        "an e-mail that may be on its way is waited for",
        "chalicelib/invoices/do_extra.py",
        "    elif extra.tried_at and desk.now() < extra.quiet_at:",
        "    elif False:",
        (f"{EMAILS}::test_that_still_was_on_its_way_is_not_sent_beside_another",),
    ),
    Guard(
        "a note in doubt is looked for before it is repeated",
        "chalicelib/invoices/do_extra.py",
        "        if any(entry.details == text for entry in entries):",
        "        if not entries:",
        (f"{EXTRAS}::test_a_note_or_file_whose_answer_is_lost_stands_once",),
    ),
    Guard(
        "a file is attached only with the permission to",
        "chalicelib/invoices/do_extra.py",
        "feature = Feature.ATTACH_TIMESHEETS if extra.name in extras.TIMESHEETS else None",
        "feature = None",
        (f"{EXTRAS}::TestPermission::test_without_it_the_file_alone_is_refused_and_comes_later",),
    ),
    Guard(
        "a PDF is not given once the invoice has changed",
        "chalicelib/invoices/pdf_link.py",
        "pdf.version != invoice.version or ",
        "",
        (
            "tests/invoices/test_fetching.py::test_the_pdf_is_given_by_a_link_until_the_invoice_changes",
        ),
    ),
    Guard(
        "what a document cannot print is told",
        "chalicelib/invoices/timesheet_pdf.py",
        "    if missing:",
        "    if False:",
        (
            "tests/paper/test_table.py::test_what_the_font_has_not_is_told_and_not_lost_in_silence",
        ),
    ),
    Guard(
        "a token from before a consent is not the last word on what is allowed",
        "chalicelib/connection/tokens.py",
        "            if not _superseded(xero_userid, access):\n                raise",
        "            raise",
        (
            f"{EXTRAS}::TestPermission::test_that_came_after_this_process_kept_a_token_counts_at_once",
        ),
    ),
)

MACHINE = "tests/invoices/test_fault_machine.py"

BY_THE_MACHINE = (
    "a call is on record before it is made",
    "an open call is looked up before it is repeated",
    "a number is looked up in every status",
    "only what bears our address is ours",
    "what was renumbered is searched for by its address",
    "who cannot look does not send",
    "an error that Xero remembers takes a new key",
    "one worker at a time has a lane",
    "a look at changes begins before the last one seen",
)
"""What the schedules of the fault machine notice too, with no other test beside them."""
