package io.maestro.rest;

import io.maestro.model.CallerProblem;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items in the list's order
 * @param next the cursor of the page after this one; null when this was the last
 */
record ListBody<T>(List<T> items, @Nullable String next) implements Paged {
    @Override
    public ListBody<T> withNext(String marked) {
        return new ListBody<>(items, marked);
    }

    /** The page with its items as they cross the wire. */
    static <S, T> ListBody<T> of(Page<S> page, Function<? super S, ? extends T> view) {
        Page<T> mapped = page.map(view);
        return new ListBody<>(mapped.items(), mapped.next());
    }

    /** What the query parameters {@code limit} and {@code cursor} ask for. */
    static PageRequest request(@Nullable String limit, @Nullable String cursor) {
        return new PageRequest(limit == null ? PageRequest.USUAL : number("limit", limit), CursorOwner.own(cursor));
    }

    /** A query parameter that is a number. */
    static int number(String name, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "the query parameter " + name + " is not a number",
                            "Write it in decimal digits.")
                    .asException(e);
        }
    }
}
