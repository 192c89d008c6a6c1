package io.maestro.rest;

import io.maestro.api.events.Event;
import io.maestro.api.events.Events.CutOffException;
import io.maestro.api.events.Events.Following;
import io.maestro.api.http.RequestProperty;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.Access.Credentials;
import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.Principal;
import io.maestro.api.tenancy.Offboarding;
import io.maestro.model.ProblemException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one caller, in the format of server-sent events. Looks every second whether the server stops, and
 * every five whether the caller still is who it was.
 */
final class EventStream implements StreamingOutput {
    private static final System.Logger LOG = System.getLogger(EventStream.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final Following following;
    private final Caller caller;
    private final Credentials shown;
    private final EventRights rights;
    private final ContainerRequestContext request;
    private final BooleanSupplier stopping;
    private final Access access;
    private final Offboarding offboarding;
    private final Wire wire;
    private long wroteAt = System.nanoTime();
    private long checkedAt = wroteAt;

    EventStream(
            Following following,
            Caller caller,
            ContainerRequestContext request,
            Access access,
            Offboarding offboarding,
            Wire wire) {
        this.following = following;
        this.caller = caller;
        this.shown = Authentication.shown(request);
        this.rights = new EventRights(caller.principal());
        this.request = request;
        this.stopping =
                request.getProperty(RequestProperty.STOPPING) instanceof BooleanSupplier asked ? asked : () -> false;
        this.access = access;
        this.offboarding = offboarding;
        this.wire = wire;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        try (following) {
            send(out, ": what happens from here on\nretry: 2000\nid: " + following.cursor() + "\n\n");
            String end = null;
            while (end == null) {
                Optional<Event> next = following.next(LOOK);
                if (next.isPresent()) {
                    send(out, next.get());
                } else if (System.nanoTime() - wroteAt >= HEARTBEAT_NANOS) {
                    // with the place, so that who comes back need not look again at what was not for it
                    send(out, ": still here\nid: " + following.cursor() + "\n\n");
                }
                end = reasonToEnd();
            }
            send(out, "event: stream.end\ndata: {\"reason\":\"" + end + "\"}\n\n");
        } catch (CutOffException e) {
            broken("was cut off: " + e.getMessage(), e);
        } catch (IOException e) {
            broken("the caller went away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            broken("was interrupted", e);
        } catch (RuntimeException e) {
            broken("failed", e);
        }
    }

    private @Nullable String reasonToEnd() {
        if (stopping.getAsBoolean()) {
            return "stopping";
        }
        if (System.nanoTime() - checkedAt < CHECK_NANOS) {
            return null;
        }
        checkedAt = System.nanoTime();
        Principal known = caller.principal();
        if (known.tenant() != null && offboarding.leaving(known.tenant())) {
            return "tenant-leaving";
        }
        try {
            Optional<Principal> now = access.presentNow(shown, caller.origin());
            if (now.isEmpty()) {
                return "unauthenticated";
            }
            return same(now.get(), known) ? null : "rights-changed";
        } catch (ProblemException e) {
            LOG.log(Level.DEBUG, "whether " + known.id() + " may go on following events cannot be told", e);
            return e.problem().code().equals(IdentityProblem.UNAUTHENTICATED.code())
                    ? "unauthenticated"
                    : "unavailable";
        }
    }

    private static boolean same(Principal now, Principal before) {
        return now.id().equals(before.id())
                && now.roles().equals(before.roles())
                && Objects.equals(now.tenant(), before.tenant())
                && Objects.equals(now.environment(), before.environment());
    }

    private void send(OutputStream out, Event event) throws IOException {
        String head = "id: " + event.cursor() + "\nevent: " + event.kind().text() + "\ndata: ";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        // one line: the mapper writes none, and line ends within texts are escaped
        out.write(wire.bytes(EventBody.of(rights.shown(event))));
        send(out, "\n\n");
    }

    private void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        wroteAt = System.nanoTime();
    }

    private void broken(String why, Exception e) {
        LOG.log(Level.DEBUG, "the event stream of request " + Caller.correlationId(request) + " " + why, e);
        request.setProperty(RequestProperty.BROKEN, true);
    }
}
