package io.maestro.rest;

import org.jspecify.annotations.Nullable;

/** One page of a list, whose cursor is marked with its owner before it leaves. */
interface Paged {
    /** The cursor of the page after this one; null when this was the last. */
    @Nullable
    String next();

    /** The same page with the cursor as it leaves. */
    Paged withNext(String marked);
}
