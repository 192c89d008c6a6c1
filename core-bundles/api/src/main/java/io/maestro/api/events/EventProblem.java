package io.maestro.api.events;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can go wrong with following events. */
public enum EventProblem implements ProblemCode {
    /** Events behind the cursor have been dropped. */
    EVENTS_MISSED(ProblemCategory.CALLER, 410, "Events after this cursor are gone"),
    /** Too many streams are open, of this caller or of all. */
    TOO_MANY_STREAMS(ProblemCategory.POLICY_OR_LIMIT, 429, "Too many event streams are open");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    EventProblem(ProblemCategory category, int status, String title) {
        this.category = category;
        this.status = status;
        this.title = title;
    }

    @Override
    public ProblemCategory category() {
        return category;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
