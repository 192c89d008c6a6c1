package io.maestro.adapters.leaks;

import io.maestro.adapters.leaks.Reach.Found;
import io.maestro.api.adapters.Leaks.Holder;
import io.maestro.api.adapters.Leaks.Kind;
import io.maestro.api.adapters.Leaks.Rule;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.LogManager;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * Looks for what holds a class loader: through threads, and through the places where the JDK and the framework keep what
 * others give them. Takes up to a second of one processor.
 */
final class HolderSearch {
    private static final System.Logger LOG = System.getLogger(HolderSearch.class.getName());
    private static final int MOST = 20;

    /** Where the JDK keeps things for the whole process: the class, its field, and what people call it. */
    private static final List<Shared> SHARED = List.of(
            new Shared(
                    "java.util.logging.LogManager", "manager", "the loggers", Kind.LOGGING, Rule.LEAVES_LOGGING_ALONE),
            new Shared(
                    "java.sql.DriverManager",
                    "registeredDrivers",
                    "java.sql.DriverManager",
                    Kind.DRIVER,
                    Rule.DEREGISTERS_ITS_DRIVERS),
            shared("java.net.URL", "factory", "the factory of URL stream handlers"),
            shared("java.net.URL", "handlers", "the URL stream handlers"),
            shared("java.net.URLConnection", "factory", "the factory of content handlers"),
            shared("java.net.URLConnection", "fileNameMap", "the map of file names to content types"),
            shared("java.net.Authenticator", "theAuthenticator", "the default authenticator"),
            shared("java.net.ProxySelector", "theProxySelector", "the default proxy selector"),
            shared("java.net.CookieHandler", "cookieHandler", "the default cookie handler"),
            shared("java.net.ResponseCache", "theResponseCache", "the default response cache"),
            shared("javax.net.ssl.HttpsURLConnection", "defaultHostnameVerifier", "the default host name verifier"),
            shared("javax.net.ssl.HttpsURLConnection", "defaultSSLSocketFactory", "the default TLS socket factory"),
            shared("javax.net.ssl.SSLContext", "defaultContext", "the default TLS context"),
            shared("java.lang.Thread", "defaultUncaughtExceptionHandler", "the default handler of uncaught exceptions"),
            shared("sun.security.jca.Providers", "providerList", "the security providers"),
            shared("java.lang.System", "props", "the system properties"),
            shared("java.lang.System", "out", "the standard output"),
            shared("java.lang.System", "err", "the standard error"),
            shared("java.util.ResourceBundle", "cacheList", "the cache of resource bundles"),
            shared("java.util.TimeZone", "defaultTimeZone", "the default time zone"),
            new Shared(
                    "java.util.concurrent.ForkJoinPool",
                    "common",
                    "the common pool",
                    Kind.EXECUTOR,
                    Rule.SHUTS_ITS_EXECUTORS_DOWN));

    private final @Nullable Bundle framework;

    private record Shared(String type, String field, String name, Kind kind, Rule rule) {}

    /** Looks also through the framework of which this is the system bundle, unless it is null. */
    HolderSearch(@Nullable Bundle framework) {
        this.framework = framework;
    }

    private static Shared shared(String type, String field, String name) {
        return new Shared(type, field, name, Kind.PROCESS_WIDE, Rule.CHANGES_NOTHING_PROCESS_WIDE);
    }

    /** What holds the loader; one that says that nothing was seen when nothing was. */
    List<Holder> of(ClassLoader loader) {
        return new Search(framework, loader).holders();
    }

    /** One search. What it remembers of classes goes with it. */
    private static final class Search {
        private final Memory memory = new Memory();
        private final @Nullable Bundle framework;
        private final ClassLoader loader;
        private final Reach reach;
        private final List<Holder> holders = new ArrayList<>();

        /** What was told: many ways lead to the same, and the first one that is looked at is the most telling. */
        private final Set<Object> told = Collections.newSetFromMap(new IdentityHashMap<>());

        private Search(@Nullable Bundle framework, ClassLoader loader) {
            this.framework = framework;
            this.loader = loader;
            this.reach = new Reach(
                    memory,
                    loader,
                    framework == null ? null : framework.getClass().getClassLoader());
        }

        private List<Holder> holders() {
            hooks();
            shared();
            beans();
            framework();
            Thread.getAllStackTraces().keySet().forEach(this::thread);
            if (holders.isEmpty()) {
                // by name only: another version of the adapter may have a class of this name
                running();
            }
            if (holders.isEmpty()) {
                tell(
                        Kind.UNSEEN,
                        "something else",
                        memory.isOpen()
                                ? "nothing that threads, the JDK or the framework keep leads to it within a few steps"
                                : "the virtual machine was started so that fields of the JDK cannot be read",
                        Rule.LEAVES_NOTHING_BEHIND);
            }
            return List.copyOf(holders);
        }

        private void tell(Kind kind, String name, String way, Rule rule) {
            if (holders.size() < MOST) {
                holders.add(new Holder(kind, name, way, rule));
            }
        }

        private void tell(Optional<Found> found, Kind kind, String name, Rule rule) {
            found.filter(one -> told.add(one.object())).ifPresent(one -> tell(kind, name, one.way(), rule));
        }

        private void thread(Thread thread) {
            String name = "thread " + thread.getName();
            Object task = memory.get(thread, "holder", "task");
            boolean pooled =
                    task != null && task.getClass().getName().equals("java.util.concurrent.ThreadPoolExecutor$Worker");
            if (thread.getClass().getName().equals("java.util.TimerThread")) {
                tell(reach.from(memory.get(thread, "queue")), Kind.TIMER, name, Rule.CANCELS_ITS_TIMERS);
            } else if (pooled) {
                tell(reach.from(task), Kind.EXECUTOR, name, Rule.SHUTS_ITS_EXECUTORS_DOWN);
            } else {
                tell(
                        (reach.belongs(thread) ? reach.from(thread) : reach.from(task))
                                .or(() -> reach.from(memory.get(thread, "uncaughtExceptionHandler"))),
                        Kind.THREAD,
                        name,
                        Rule.ENDS_ITS_THREADS);
            }
            tell(
                    reach.from(memory.get(thread, "threadLocals"))
                            .or(() -> reach.from(memory.get(thread, "inheritableThreadLocals"))),
                    Kind.THREAD_LOCAL,
                    name,
                    Rule.REMOVES_ITS_THREAD_LOCALS);
            if (reach.belongs(thread.getContextClassLoader()) && !ends(name)) {
                tell(Kind.CONTEXT_CLASS_LOADER, name, "its context class loader", Rule.RESTORES_CONTEXT_CLASS_LOADERS);
            }
        }

        /** Whether it is told of the thread already that it should have ended. */
        private boolean ends(String name) {
            return holders.stream().anyMatch(one -> one.name().equals(name));
        }

        /** Threads that run code of the adapter although nothing that they were given leads to it: the host's, left behind. */
        private void running() {
            Thread.getAllStackTraces()
                    .forEach((thread, stack) -> Arrays.stream(stack)
                            .filter(frame -> defines(loader, frame.getClassName()))
                            .findFirst()
                            .ifPresent(frame -> tell(
                                    Kind.THREAD,
                                    "thread " + thread.getName(),
                                    "it is at " + frame,
                                    Rule.ENDS_ITS_THREADS)));
        }

        private void hooks() {
            if (memory.getStatic("java.lang.ApplicationShutdownHooks", "hooks") instanceof Map<?, ?> hooks) {
                for (Object hook : List.copyOf(hooks.keySet())) {
                    String name = "shutdown hook " + (hook instanceof Thread thread ? thread.getName() : hook);
                    tell(
                            reach.belongs(hook) ? reach.from(hook) : reach.from(memory.get(hook, "holder", "task")),
                            Kind.SHUTDOWN_HOOK,
                            name,
                            Rule.ADDS_NO_SHUTDOWN_HOOKS);
                    if (hook instanceof Thread thread && reach.belongs(thread.getContextClassLoader()) && !ends(name)) {
                        tell(Kind.SHUTDOWN_HOOK, name, "its context class loader", Rule.ADDS_NO_SHUTDOWN_HOOKS);
                    }
                }
            }
        }

        private void shared() {
            for (Shared place : SHARED) {
                Object root = place.kind() == Kind.LOGGING
                        ? LogManager.getLogManager()
                        : memory.getStatic(place.type(), place.field());
                tell(reach.from(root), place.kind(), place.name(), place.rule());
            }
        }

        /** Asks only servers that are there: the first look for one would make it. */
        private void beans() {
            for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
                for (ObjectName name : server.queryNames(null, null)) {
                    try {
                        if (loader.equals(server.getClassLoaderFor(name))) {
                            tell(
                                    Kind.MANAGEMENT_BEAN,
                                    name.toString(),
                                    server.getObjectInstance(name).getClassName(),
                                    Rule.UNREGISTERS_ITS_BEANS);
                        }
                    } catch (JMException e) {
                        LOG.log(Level.DEBUG, "the bean " + name + " has gone meanwhile", e);
                    }
                }
            }
        }

        private void framework() {
            for (String listeners :
                    List.of("m_fwkListeners", "m_bndlListeners", "m_syncBndlListeners", "m_svcListeners")) {
                tell(
                        reach.from(memory.get(framework, "m_dispatcher", listeners)),
                        Kind.LISTENER,
                        "a listener of the framework",
                        Rule.REMOVES_ITS_LISTENERS);
            }
            tell(
                    reach.from(memory.get(framework, "m_registry", "m_regsMap")),
                    Kind.SERVICE,
                    "a service in the framework's registry",
                    Rule.TAKES_ITS_SERVICES_BACK);
        }
    }

    /** Whether the loader has a class of this name of its own. */
    private static boolean defines(ClassLoader loader, String name) {
        if (name.startsWith("java.") || name.startsWith("jdk.") || name.startsWith("sun.")) {
            return false;
        }
        try {
            // a lambda's frame has the class that it stands in before the slash
            Class<?> found = Class.forName(name.replaceAll("[/$]*(Lambda|0x).*", ""), false, loader);
            return loader.equals(found.getClassLoader());
        } catch (ClassNotFoundException | LinkageError | IllegalStateException e) {
            return false;
        }
    }
}
