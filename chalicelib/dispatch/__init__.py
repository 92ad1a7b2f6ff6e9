"""Work that is done later, or by somebody else, without being lost or done by two at once.

DynamoDB holds the work, SQS only wakes. A *lane* is a line of work with one worker at a time:
one per organisation in Xero (its id), and one per tenant for work that needs no Xero
(``tenant_lane``). A *job* is one piece of work in a lane. ``enqueue`` stores a job, ``wake``
sends for a worker, ``drain`` takes the lane's lease and does what is due by priority, and the
minute tick wakes what nobody else woke. A message that is lost or doubled costs a minute at
most, and never work.
"""
