package io.maestro.events;

import io.maestro.api.events.Event;
import io.maestro.api.events.Event.Kind;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import io.maestro.store.Journal.Position;
import io.maestro.store.Journal.Recorded;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the journal holds, as readers see it. */
final class Reading {
    /** Two numbers that fit a {@code long}. */
    private static final Pattern CURSOR = Pattern.compile("(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})");

    private Reading() {}

    static Event event(Recorded recorded) {
        return new Event(
                cursor(recorded.position()),
                kind(recorded),
                recorded.id(),
                recorded.tenant(),
                recorded.environment(),
                recorded.at(),
                recorded.action(),
                recorded.actor(),
                recorded.correlationId(),
                recorded.subjectType(),
                recorded.subject(),
                recorded.detail());
    }

    /** An act is told by its actor: nobody can make one look like an observation by its name. */
    private static Kind kind(Recorded recorded) {
        if (recorded.actor() == null) {
            return switch (recorded.action()) {
                case "alert.raise" -> Kind.ALERT_RAISED;
                case "alert.clear" -> Kind.ALERT_CLEARED;
                default -> Kind.INSTANCE_OBSERVED;
            };
        }
        return switch (recorded.action()) {
            case "approval.request" -> Kind.APPROVAL_PENDING;
            case "approval.approve", "approval.reject" -> Kind.APPROVAL_DECIDED;
            default -> Kind.ACT_DONE;
        };
    }

    static String cursor(Position position) {
        return position.transaction() + "-" + position.number();
    }

    static Position position(String cursor) {
        Matcher matcher = CURSOR.matcher(cursor);
        if (!matcher.matches()) {
            throw Problem.of(
                            CallerProblem.INVALID_CURSOR,
                            "the cursor is not one of an event",
                            "Take the id of the last event as it is, or leave it out to begin anew.")
                    .asException();
        }
        return new Position(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }
}
