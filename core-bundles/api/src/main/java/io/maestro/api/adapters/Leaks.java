package io.maestro.api.adapters;

import io.maestro.model.DefinitionId;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What adapters left behind on this node: class loaders of bundles that were taken out and that are not collected. Answers
 * from memory; any thread.
 */
@ProviderType
public interface Leaks {
    /** All that are waited for or held, the oldest first. */
    List<Leak> leaks();

    /** Those of one version, the oldest first; one that was taken out several times may be there several times. */
    default List<Leak> leaks(DefinitionId definition) {
        return leaks().stream()
                .filter(leak -> leak.definition().equals(definition))
                .toList();
    }

    /** How it stands with a loader. */
    enum State {
        /** Not collected yet, and not long enough for it to mean anything. */
        WAITING,
        /** Not collected although the heap was cleaned several times. */
        HELD
    }

    /**
     * A class loader that is not collected.
     *
     * @param definition whose it was
     * @param removedAt when its bundle was taken out
     * @param searchedAt when it was looked for what holds it, or when its bundle was taken out
     * @param holders what holds it, as far as it is seen; empty while it is waited for
     */
    record Leak(DefinitionId definition, Instant removedAt, State state, Instant searchedAt, List<Holder> holders) {
        /** Copies the list. */
        public Leak {
            holders = List.copyOf(holders);
        }
    }

    /**
     * Something that holds a loader.
     *
     * @param kind what it is
     * @param name by which it is found, for example the name of a thread
     * @param way from there to a class of the adapter: fields, and the class at the end
     * @param rule what the adapter should have done
     */
    record Holder(Kind kind, String name, String way, Rule rule) {}

    /** What holds. */
    enum Kind {
        /** A thread that has not ended. */
        THREAD,
        /** The thread of a {@code java.util.Timer}. */
        TIMER,
        /** The thread of an executor, or of a pool that is still given work. */
        EXECUTOR,
        /** A value that a thread keeps for itself. */
        THREAD_LOCAL,
        /** The context class loader of a thread. */
        CONTEXT_CLASS_LOADER,
        /** What is run when the virtual machine ends. */
        SHUTDOWN_HOOK,
        /** A bean of the management server. */
        MANAGEMENT_BEAN,
        /** A driver that {@code java.sql.DriverManager} knows. */
        DRIVER,
        /** A handler, filter or formatter of a logger. */
        LOGGING,
        /** What the JDK keeps for the whole process. */
        PROCESS_WIDE,
        /** A listener of the framework. */
        LISTENER,
        /** A service in the framework's registry. */
        SERVICE,
        /** Something that could not be seen. */
        UNSEEN
    }

    /** The rules of the partner's contract about what an adapter leaves behind. */
    enum Rule {
        /** Threads end. */
        ENDS_ITS_THREADS("An adapter ends its threads in close()."),
        /** Timers end. */
        CANCELS_ITS_TIMERS("An adapter cancels its timers in close()."),
        /** Executors end. */
        SHUTS_ITS_EXECUTORS_DOWN(
                "An adapter shuts its executors down in close(), and schedules nothing on those of others."),
        /** Thread-locals go. */
        REMOVES_ITS_THREAD_LOCALS(
                "An adapter removes its thread-locals from the threads that call it, before it returns."),
        /** Threads of others stay as they are. */
        RESTORES_CONTEXT_CLASS_LOADERS(
                "An adapter restores the context class loader of a thread that it does not own, before it returns."),
        /** No shutdown hooks. */
        ADDS_NO_SHUTDOWN_HOOKS("An adapter adds no shutdown hooks; the host closes it when the node stops."),
        /** Beans go. */
        UNREGISTERS_ITS_BEANS("An adapter unregisters its management beans in close()."),
        /** Drivers go. */
        DEREGISTERS_ITS_DRIVERS("An adapter deregisters its JDBC drivers in close()."),
        /** Loggers are everybody's. */
        LEAVES_LOGGING_ALONE("An adapter uses the logger of its context, and adds no handlers to others."),
        /** What is everybody's stays as it is. */
        CHANGES_NOTHING_PROCESS_WIDE(
                "An adapter puts nothing of its own where the JDK keeps it for the whole process."),
        /** Listeners go. */
        REMOVES_ITS_LISTENERS("An adapter removes its listeners in close()."),
        /** Services go. */
        TAKES_ITS_SERVICES_BACK("An adapter offers no service but its factory."),
        /** Nothing outside holds on to it. */
        LEAVES_NOTHING_BEHIND("After close() nothing outside an adapter refers to its classes.");

        private final String sentence;

        Rule(String sentence) {
            this.sentence = sentence;
        }

        /** The rule, for people. */
        public String sentence() {
            return sentence;
        }
    }
}
