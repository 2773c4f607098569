"""The team's rulebook: versions of rules, its own tighter figures, announcements, tasks, readings and reviews.

    force          terms_in_force(workspace, now), books(workspaces, now): what the engine judges by
    own            set_figure, end_figure, figures, asked
    versions       draft, edit, publish, withdraw, listed
    announcements  bring, feeds: what platforms announce, as drafts that nothing publishes by itself
    work           tasks, readings with their questions
    review         reviewed, overdue: rules that somebody must look up again

Nothing is edited or deleted once it counts: figures and versions end, and every deed is written to the audit log.
"""
