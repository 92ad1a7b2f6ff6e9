"""Files of time records: what they hold, what becomes of it, and taking it in.

A file is posted straight to the object store (``uploads``). ``survey`` reads it once to learn
what it is: its encoding, its separator, which of the known reports (``toggl``, ``clockify``,
``harvest``) or, failing that, which columns a person has matched, and in which order its dates
are written. What it cannot know it asks. ``look`` then judges every row and keeps what it read in
pages, so that what was previewed is exactly what is taken. ``plan`` matches names with the
clients, projects, tasks and staff there are. ``take`` makes what is missing and stores the
records; ``take_back`` undoes that. All three are jobs that can stop at any point and go on.
"""
