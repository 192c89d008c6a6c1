package io.maestro.api.adapters;

import io.maestro.api.adapters.Instances.Observed;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How instances are, as the node that answers sees it: it counts its own calls only. Blocks on the database for the rows of
 * instances, never on an adapter; any thread.
 */
@ProviderType
public interface InstanceHealth {
    /** Of how many minutes a series tells. */
    int MINUTES = 60;

    /** How many calls of an instance are kept, and how many beside that failed. */
    int CALLS = 50;

    /** Of how many instances of a node so many are kept. */
    int INSTANCES = 500;

    /** One instance, or {@link AdapterProblem#INSTANCE_UNKNOWN}. */
    Health health(Scope scope, InstanceId instance);

    /** The instances of a tenant by name, or those of one environment. */
    Page<Health> healths(TenantId tenant, @Nullable Environment environment, PageRequest page);

    /** The last hour of one, whether there is an instance of that name or not. Blocks on nothing. */
    Series series(Scope scope, InstanceId instance);

    /**
     * How the last calls of one instance went, newest first: the last {@value #CALLS}, and the last so many that failed or
     * were late, which neither other calls nor refusals wash out. Fewer of instances that are called first when {@value
     * #INSTANCES} others have been.
     *
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#INSTANCE_UNKNOWN}
     */
    List<Call> calls(Scope scope, InstanceId instance);

    /** Those of all tenants that are open on this node, or are to be and cannot. Blocks on nothing. */
    List<Sign> signs();

    /** In a word; the worst that is true counts. */
    enum State {
        /** Runs, and nothing is wrong. */
        HEALTHY,
        /** Runs, and some of it fails. */
        DEGRADED,
        /** Runs, and most of it fails. */
        FAILING,
        /** Wanted running, and cannot. */
        FAILED,
        /** On its way. */
        STARTING,
        /** Wanted stopped. */
        STOPPED
    }

    /** How a call ended. */
    enum Outcome {
        /** The adapter answered. */
        OK,
        /** The adapter answered that the caller or a policy is in the way. */
        REJECTED,
        /** The adapter or what stands behind it failed. */
        FAILED,
        /** The adapter did not answer in time. */
        LATE,
        /** It was not let through: circuit open, bulkhead full, or the instance is closing. */
        REFUSED,
        /** Its caller, or the end of the instance, did not wait for the answer. */
        CANCELLED;

        /** Whether health counts it as an error: it did not succeed for a reason that is not its caller's. */
        public boolean isError() {
            return switch (this) {
                case FAILED, LATE, REFUSED -> true;
                case OK, REJECTED, CANCELLED -> false;
            };
        }
    }

    /** Whether calls are let through. */
    enum BreakerState {
        /** They are. */
        CLOSED,
        /** A few are, to try. */
        HALF_OPEN,
        /** They are not. */
        OPEN
    }

    /** What the instance itself says of the system behind it. */
    enum ProbeState {
        /** Not asked yet, or not open. */
        UNKNOWN,
        /** It answers as it should. */
        UP,
        /** It answers, but not as it should. */
        DEGRADED,
        /** It does not answer. */
        DOWN
    }

    /**
     * How an instance is.
     *
     * @param reason why it is not healthy, in one sentence; null when it is
     * @param observed what this node observes
     * @param problem the code of the problem that keeps it from running; null when none does
     * @param windows the last 1, 5 and 15 minutes
     * @param lastSuccess when a call succeeded last; null when none has since the node started
     * @param lastFailure when one failed last; null likewise
     * @param lastFailureCode why; null likewise
     */
    record Health(
            Scope scope,
            InstanceId instance,
            TypeName type,
            State state,
            @Nullable String reason,
            Observed observed,
            @Nullable String problem,
            List<Window> windows,
            @Nullable Instant lastSuccess,
            @Nullable Instant lastFailure,
            @Nullable String lastFailureCode,
            Breaker breaker,
            Bulkhead bulkhead,
            Probe probe) {
        /** Copies the list. */
        public Health {
            windows = List.copyOf(windows);
        }
    }

    /**
     * The calls of some minutes, the one under way included.
     *
     * @param minutes how many
     * @param requests how many calls
     * @param errors how many of them failed for a reason that was not their caller's
     * @param rejected how many failed for one that was
     * @param p50 half of them took at most so many milliseconds; null without calls
     * @param p95 likewise
     * @param p99 likewise
     */
    record Window(
            int minutes,
            long requests,
            long errors,
            long rejected,
            @Nullable Double p50,
            @Nullable Double p95,
            @Nullable Double p99) {
        /** The share of errors, 0 without calls. */
        public double errorRate() {
            return requests == 0 ? 0 : (double) errors / requests;
        }
    }

    /**
     * The circuit breaker.
     *
     * @param since when it became so; null when the instance is not open
     */
    record Breaker(BreakerState state, @Nullable Instant since) {}

    /** How many calls are under way, of how many there may be. */
    record Bulkhead(int running, int limit) {}

    /**
     * What the instance answered when it was asked last.
     *
     * @param reason what is wrong; null when nothing is
     * @param at when it was asked; null when it was not
     * @param since since when the answer has been this one; null likewise
     */
    record Probe(
            ProbeState state,
            @Nullable String reason,
            @Nullable Instant at,
            @Nullable Instant since) {}

    /**
     * The last {@value InstanceHealth#MINUTES} minutes, the one under way included.
     *
     * @param since when the first of them began
     * @param minutes the oldest first; empty when no call has been made since the node started
     */
    record Series(Instant since, List<Minute> minutes) {
        /** Copies the list. */
        public Series {
            minutes = List.copyOf(minutes);
        }
    }

    /**
     * The calls of one minute.
     *
     * @param p95 95 of 100 of them took at most so many milliseconds; null without calls
     */
    record Minute(long requests, long errors, @Nullable Double p95) {}

    /**
     * How one call went, or one try of a call that was made again. Neither what it was called with nor what it answered.
     *
     * @param at when it ended
     * @param caller who called; null when the server itself did
     * @param correlationId follows the request through logs, decisions and receipts
     * @param tries which try it was, from 1
     * @param took so many milliseconds; 0 when it was not let through
     * @param problem the code of what it failed with; null when it succeeded
     */
    record Call(
            Instant at,
            String operation,
            @Nullable String caller,
            String correlationId,
            int tries,
            Outcome outcome,
            double took,
            @Nullable String problem) {}

    /**
     * What alerts look at.
     *
     * @param wantedRunning whether it should run
     * @param last the last five minutes
     */
    record Sign(
            Scope scope,
            InstanceId instance,
            TypeName type,
            boolean wantedRunning,
            Observed observed,
            BreakerState breaker,
            ProbeState probe,
            Window last) {}
}
