package io.maestro.store;

import io.maestro.model.CallerProblem;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a page of a list ends: the key of its last item. Opaque to callers, but neither secret nor signed: what a reader
 * of a cursor may see is decided by the scope of the query that uses it, never by the cursor.
 *
 * @param list names the list, so that a cursor of one is refused by another
 * @param position the key of the last item, in the order of sorting
 */
public record Cursor(String list, List<String> position) {
    private static final int LONGEST = 2048;
    private static final char SEPARATOR = '\u001f';

    /** Copies the list. */
    public Cursor {
        position = List.copyOf(position);
        if (list.indexOf(SEPARATOR) >= 0 || position.stream().anyMatch(part -> part.indexOf(SEPARATOR) >= 0)) {
            throw new IllegalArgumentException("a key with a unit separator cannot stand in a cursor");
        }
    }

    /** After the item with this key. */
    public static Cursor at(String list, Object... key) {
        return new Cursor(list, Arrays.stream(key).map(Object::toString).toList());
    }

    /**
     * Where the requested page begins; empty for the first page.
     *
     * @param parts how many parts the key of this list has
     * @throws ProblemException {@link CallerProblem#INVALID_CURSOR}
     */
    public static Optional<Cursor> of(String list, int parts, PageRequest page) {
        String text = page.cursor();
        return text == null ? Optional.empty() : Optional.of(decode(list, parts, text));
    }

    /**
     * Makes a page of what was found.
     *
     * @param found up to one item more than the page may hold, which tells that there is a next page
     * @param end the cursor after an item
     */
    public static <T> Page<T> page(PageRequest page, List<T> found, Function<? super T, Cursor> end) {
        if (found.size() <= page.limit()) {
            return new Page<>(found, null);
        }
        List<T> items = found.subList(0, page.limit());
        return new Page<>(items, end.apply(items.getLast()).encode());
    }

    /** As callers see it. */
    public String encode() {
        StringBuilder text = new StringBuilder(list);
        position.forEach(part -> text.append(SEPARATOR).append(part));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The part of the key at this index. */
    public String text(int index) {
        return position.get(index);
    }

    /** The part of the key at this index as a number, or {@link CallerProblem#INVALID_CURSOR}. */
    public long number(int index) {
        try {
            return Long.parseLong(position.get(index));
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    /** The part of the key at this index as a point in time, or {@link CallerProblem#INVALID_CURSOR}. */
    public Instant instant(int index) {
        try {
            Instant instant = Instant.parse(position.get(index));
            // beyond this PostgreSQL's timestamps and ours no longer agree
            if (instant.isBefore(Instant.EPOCH) || instant.getEpochSecond() > 253_402_300_799L) {
                throw invalid();
            }
            return instant;
        } catch (DateTimeException e) {
            throw invalid();
        }
    }

    private static Cursor decode(String list, int parts, String text) {
        if (text.length() > LONGEST) {
            throw invalid();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            String[] read =
                    StandardCharsets.UTF_8.newDecoder().decode(bytes).toString().split(String.valueOf(SEPARATOR), -1);
            // PostgreSQL has no text with a zero in it
            if (read.length != parts + 1
                    || !read[0].equals(list)
                    || Arrays.stream(read).anyMatch(Cursor::hasZero)) {
                throw invalid();
            }
            return new Cursor(list, Arrays.asList(read).subList(1, read.length));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw invalid();
        }
    }

    private static boolean hasZero(String part) {
        return part.indexOf('\0') >= 0;
    }

    private static ProblemException invalid() {
        return Problem.of(
                        CallerProblem.INVALID_CURSOR,
                        "the cursor is not one that this list gave",
                        "Take the cursor of the page before as it is, or leave it out to begin again.")
                .asException();
    }
}
