"""Xero's refusals, what they mean to a bookkeeper, and what to do next.

Each row: a stable code, a pattern found anywhere in Xero's message whatever its case, the
problem, the next step, and the place that mends it. Groups of the pattern fill the braces. The
first that matches wins, so the narrower stand before the wider. The wordings come from Xero's
reference and from messages quoted in public; they change without notice.
"""

CLIENT, MAPPING, INVOICE, XERO, WAIT = "client", "mapping", "invoice", "xero", "wait"

Row = tuple[str, str, str, str, str]

CONTACTS: tuple[Row, ...] = (
    (
        "contact_name_taken",
        r"contact name (?P<name>.*?) is already assigned|contact name must be unique",
        "Xero already has an active contact with this name.",
        "Link the client to that contact, or give the client another name.",
        CLIENT,
    ),
    (
        "contact_number_taken",
        r"contact ?number .*(already|unique|in use)|already.* contact ?number",
        "Another contact in Xero already has this contact number.",
        "Link the client to that contact, or change the number.",
        CLIENT,
    ),
    (
        "contact_archived",
        r"contact .*(archived|gdpr)|archived contact",
        "The contact is archived in Xero.",
        "Restore it in Xero, or link the client to another contact.",
        CLIENT,
    ),
    (
        "contact_missing",
        r"contact must (be specified|contain at least)|contact (could not be|not) found",
        "Xero does not know who is to be billed.",
        "Link the client to a contact in Xero.",
        CLIENT,
    ),
    (
        "contact_persons_without_email",
        r"additional people cannot be added",
        "The contact has further people and no e-mail address of its own.",
        "Give the contact an e-mail address.",
        CLIENT,
    ),
    (
        "email_invalid",
        r"e-?mail( address)? (must be|is not) valid|invalid e-?mail",
        "Xero does not accept the e-mail address.",
        "Correct the address of the client; Xero takes no accented letters in it.",
        CLIENT,
    ),
)

CODES: tuple[Row, ...] = (
    (
        "tax_rate_unsuited",
        r"'?(?P<tax>[^' ]*)'? cannot be used with account code '?(?P<account>[^'.]*)",
        "The tax rate {tax} cannot be used with the account {account}.",
        "Choose a tax rate that Xero allows for this account.",
        MAPPING,
    ),
    (
        "account_archived",
        r"account code '?(?P<account>[^']*?)'? has been archived|account .*(archived|deleted)",
        "The account {account} is archived or deleted in Xero.",
        "Choose another account code, or restore this one in Xero.",
        MAPPING,
    ),
    (
        "account_invalid",
        r"account code '?(?P<account>[^']*?)'? is not a valid code|account code .*not valid",
        "The account {account} cannot be used on a sales invoice.",
        "Choose another account code.",
        MAPPING,
    ),
    (
        "account_missing",
        r"account( ?code)? (must be|is required|is missing)|must (have|specify) an account",
        "A line has no account code.",
        "Choose an account code for the line, or set a default.",
        MAPPING,
    ),
    (
        "tax_rate_archived",
        r"tax ?(rate|type).*(active|archived|deleted)",
        "The tax rate is no longer in use in Xero.",
        "Choose another tax rate.",
        MAPPING,
    ),
    (
        "tax_rate_unknown",
        r"tax ?(rate|type).*(not valid|invalid|not exist|not found|not recogni[sz]ed|be used)",
        "Xero does not know this tax rate.",
        "Import tax rates anew, then choose one.",
        MAPPING,
    ),
    (
        "item_code_taken",
        r"item with code '?(?P<item>[^']*?)'? already exists",
        "Xero already has an item with the code {item}.",
        "Use that item, or another code.",
        MAPPING,
    ),
    (
        "tracking_invalid",
        r"tracking",
        "Xero does not accept the tracking of a line.",
        "Import tracking categories anew, then choose an option that is active.",
        MAPPING,
    ),
    (
        "currency_not_subscribed",
        r"subscribed to currency '?(?P<currency>\w+)|currency.*not (subscribed|valid)",
        "The organisation does not use the currency {currency} in Xero.",
        "Add the currency in Xero, or bill in another.",
        XERO,
    ),
    (
        "branding_theme_unknown",
        r"branding ?theme",
        "Xero does not know this branding theme.",
        "Choose another theme, or leave it to Xero.",
        MAPPING,
    ),
)

DOCUMENTS: tuple[Row, ...] = (
    (
        "number_taken",
        r"invoice (#|number|no\.?) must be unique|invoice ?number.*already",
        "Another invoice in Xero already has this number.",
        "Link to that invoice if it is this one, or take another number.",
        INVOICE,
    ),
    (
        "has_payment",
        r"cannot be edited as it has a payment|has a payment or credit note allocated",
        "The invoice has a payment or a credit note in Xero, so it cannot be changed there.",
        "Remove the payment in Xero first, or correct the invoice by a credit note.",
        XERO,
    ),
    (
        "status_forbids",
        r"not of valid status|status.*(cannot|not valid|invalid)",
        "The invoice's status in Xero does not allow this.",
        "Sync its status, then decide.",
        INVOICE,
    ),
    (
        "period_locked",
        r"lock date, currently set at (?P<day>[^.]+)",
        "The books in Xero are locked up to {day}, and the invoice's date lies before that.",
        "Choose a later date, or have the lock moved in Xero.",
        INVOICE,
    ),
    (
        "period_locked",
        r"lock date",
        "The invoice's date lies in a period that is locked in Xero.",
        "Choose a later date, or have the lock moved in Xero.",
        INVOICE,
    ),
    (
        "payment_too_large",
        r"payment amount exceeds|exceeds the amount outstanding",
        "The payment is larger than what is outstanding.",
        "Sync the invoice to see what is still due.",
        INVOICE,
    ),
    (
        "payment_on_draft",
        r"payments? can only be made against",
        "Payments can be made on approved invoices only.",
        "Approve the invoice first.",
        INVOICE,
    ),
    (
        "quantity_negative",
        r"quantity.*(negative|greater than|not be less)",
        "Xero does not accept the quantity of a line.",
        "Make the quantity positive; put a reduction into the price.",
        INVOICE,
    ),
    (
        "total_negative",
        r"total.*(negative|less than zero|not be less)",
        "The total of the invoice is below zero.",
        "Reduce the negative lines, or use a credit note.",
        INVOICE,
    ),
    (
        "discount_too_large",
        r"discount",
        "Xero does not accept the discount of a line.",
        "Make the discount no larger than the line.",
        INVOICE,
    ),
    (
        "line_amount_mismatch",
        r"line (total|amount)|lineamount",
        "Xero reckons another amount for a line than was sent.",
        "Check the line's quantity, price and discount.",
        INVOICE,
    ),
    (
        "lines_missing",
        r"line items? must be (specified|present)|at least one line",
        "The invoice has no lines.",
        "Add a line.",
        INVOICE,
    ),
    (
        "due_date_missing",
        r"due ?date",
        "Xero does not accept the due date.",
        "Set a due date on or after the invoice's date.",
        INVOICE,
    ),
    (
        "description_missing",
        r"description",
        "Xero does not accept the description of a line.",
        "Give every line a description of at most 4,000 characters.",
        INVOICE,
    ),
    (
        "link_refused",
        r"\burl\b",
        "Xero does not accept the link back to this invoice.",
        "Tell the operator to check the public address of this deployment.",
        XERO,
    ),
    (
        "sent_mark_refused",
        r"senttocontact",
        "Xero marks approved invoices only as sent.",
        "Approve the invoice first.",
        INVOICE,
    ),
)

LIMITS: tuple[Row, ...] = (
    (
        "too_long",
        r"length of the (?P<field>[\w ]+?) (field )?cannot be \w+ than (?P<most>\d+)",
        "The {field} is longer than the {most} characters that Xero takes.",
        "Shorten it.",
        INVOICE,
    ),
    (
        "plan_limit",
        r"limit of invoices you can approve",
        "The organisation's Xero plan allows no more approved invoices this month.",
        "Send as draft, wait for the next month, or change the plan in Xero.",
        XERO,
    ),
    (
        "too_many_records",
        r"not filtering .* efficiently",
        "The organisation is too large for this question to Xero.",
        "Ask for help, quoting the correlation id.",
        XERO,
    ),
    (
        "rate_limit",
        r"rate limit|too many requests",
        "Xero's limit of calls is reached.",
        "Nothing is lost; it goes on by itself.",
        WAIT,
    ),
    (
        "document_unknown",
        r"supplied id was not found|resource you're looking for cannot be found",
        "Xero does not know this document.",
        "Check that the right organisation is connected.",
        XERO,
    ),
    (
        "key_reused",
        r"idempotency",
        "Xero remembers another request under the same key. Nothing was done.",
        "Send again.",
        INVOICE,
    ),
    (
        "not_understood",
        r"json for post data was invalid|post data",
        "Xero could not read what was sent.",
        "Ask for help, quoting the correlation id.",
        XERO,
    ),
)

BESIDE: tuple[Row, ...] = (
    (
        "contact_without_email",
        r"must have an? e-?mail|no e-?mail address|e-?mail address (is )?(required|missing)",
        "The contact has no e-mail address in Xero.",
        "Give it one, then try again.",
        CLIENT,
    ),
    (
        "email_limit",
        r"(daily|limit).*e-?mail|e-?mail.*(daily|limit)",
        "Xero's daily limit of e-mails is reached.",
        "Try again tomorrow, or send it from Xero.",
        XERO,
    ),
    (
        "email_unapproved",
        r"can be e-?mailed|cannot be e-?mailed",
        "Xero e-mails approved invoices only.",
        "Approve it in Xero, then try again.",
        XERO,
    ),
    (
        "attachments_full",
        r"(at most|maximum( of)?|more than) (10|ten) attachments|too many attachments",
        "Ten files are attached to the invoice in Xero, and it takes no more.",
        "Remove one in Xero, then try again.",
        XERO,
    ),
    (
        "attachment_refused",
        r"attachment",
        "Xero does not accept the file.",
        "Ask for help, quoting the correlation id.",
        XERO,
    ),
)
"""Of what goes with an invoice that is there."""

CATALOGUE: tuple[Row, ...] = (*LIMITS, *CONTACTS, *CODES, *DOCUMENTS, *BESIDE)
