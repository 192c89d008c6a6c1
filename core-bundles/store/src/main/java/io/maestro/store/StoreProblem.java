package io.maestro.store;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can go wrong with the database. */
public enum StoreProblem implements ProblemCode {
    /** No connection in time. */
    DATABASE_UNAVAILABLE(503, "The database is not available"),
    /** A script that ran is not what it was. */
    MIGRATION_CHANGED(500, "A migration was changed after it ran"),
    /** The schema is from a newer release. */
    SCHEMA_NEWER(500, "The database is from a newer release"),
    /** The login lacks a right that the server needs. */
    DATABASE_PRIVILEGE_MISSING(500, "The database login lacks a right");

    private final int status;
    private final String title;

    StoreProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public ProblemCategory category() {
        return ProblemCategory.INTERNAL;
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
