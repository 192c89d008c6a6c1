package io.maestro.adapters;

import io.maestro.model.CallerProblem;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.store.Cursor;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * The order of a list and where in it a page begins. The fields are a key: no two rows agree in all of them, so that pages
 * have neither gaps nor repeats. Cursors carry a checksum of the question, and one of another question is refused.
 */
final class JooqOrder {
    private static final int CHECKSUM = 16;

    private final String list;
    private final boolean descending;
    private final List<Field<?>> fields;

    /**
     * An order.
     *
     * @param list names the list
     * @param question all that decides what the list holds, and in which order, but for the page
     * @param fields of {@code String} or {@code OffsetDateTime}, all selected by the query
     */
    JooqOrder(String list, Object question, boolean descending, Field<?>... fields) {
        this.list = list + "-" + checksum(question.toString());
        this.descending = descending;
        this.fields = List.of(fields);
    }

    /** What the rows are ordered by. */
    List<OrderField<?>> by() {
        List<OrderField<?>> by = new ArrayList<>();
        fields.forEach(field -> by.add(descending ? field.desc() : field.asc()));
        return by;
    }

    /** Rows of the wanted page and those after it, or {@link CallerProblem#INVALID_CURSOR}. */
    Condition from(PageRequest page) {
        Optional<Cursor> start = Cursor.of(list, fields.size(), page);
        if (start.isEmpty()) {
            return DSL.noCondition();
        }
        List<Field<?>> values = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            values.add(value(fields.get(i), start.get(), i));
        }
        return descending
                ? DSL.row(fields).lt(DSL.row(values))
                : DSL.row(fields).gt(DSL.row(values));
    }

    /** The page of what was found, which is up to one row more than the page holds. */
    <T> Page<T> page(PageRequest page, List<? extends Record> found, Function<Record, ? extends T> view) {
        Page<Record> rows = Cursor.page(page, List.<Record>copyOf(found), this::end);
        return rows.map(view);
    }

    private Cursor end(Record row) {
        return Cursor.at(
                list,
                fields.stream()
                        .map(field -> row.get(field) instanceof OffsetDateTime time ? time.toInstant() : row.get(field))
                        .toArray());
    }

    private static Field<?> value(Field<?> field, Cursor cursor, int index) {
        if (field.getType() == OffsetDateTime.class) {
            Instant instant = cursor.instant(index);
            return DSL.val(instant.atOffset(ZoneOffset.UTC));
        }
        return DSL.val(cursor.text(index));
    }

    private static String checksum(String question) {
        return Digest.sha256(question).hex().substring(0, CHECKSUM);
    }
}
