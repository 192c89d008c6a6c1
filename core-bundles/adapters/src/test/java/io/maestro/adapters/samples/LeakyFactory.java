package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Dictionary;
import java.util.Objects;
import java.util.Properties;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Leaves behind what it is told to, each time in a way that the JDK does not clean up by itself. */
public final class LeakyFactory implements AdapterFactory {
    /** As long as this system property is set, what was left behind goes on. */
    public static final String LEAKING = "samples.leaking";

    /** The system property that holds a pool of the test. */
    public static final String POOL = "samples.pool";

    /** The system property that holds the context of the system bundle. */
    public static final String CONTEXT = "samples.context";

    /** The management bean that it leaves behind. */
    public static final String BEAN = "samples:type=Leak";

    private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

    @Override
    public AdapterInstance open(AdapterContext context) {
        EchoStorage.Settings settings = context.configuration(EchoStorage.Settings.class);
        try {
            leak(String.valueOf(settings.behaviour()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return new EchoStorage(context, settings);
    }

    private static void leak(String what) throws Exception {
        switch (what) {
            case "thread" -> Thread.ofPlatform().daemon().name("leaked-thread").start(new Sleeper());
            case "thread-local" -> pool().submit(() -> LOCAL.set(new Sleeper())).get();
            case "context-class-loader" ->
                pool().submit(() -> Thread.currentThread().setContextClassLoader(LeakyFactory.class.getClassLoader()))
                        .get();
            case "shutdown-hook" -> Runtime.getRuntime().addShutdownHook(new Thread(new Sleeper(), "leaked-hook"));
            case "management-bean" -> registerBean();
            case "driver" -> DriverManager.registerDriver(new LeakyDriver());
            case "timer" -> new Timer("leaked-timer", true).schedule(new LeakyTask(), TimeUnit.HOURS.toMillis(1));
            case "executor" -> {
                ScheduledExecutorService executor = Executors.newScheduledThreadPool(
                        1, Thread.ofPlatform().daemon().name("leaked-executor").factory());
                var _ = executor.scheduleAtFixedRate(new Sleeper(), 1, 1, TimeUnit.HOURS);
            }
            case "listener" -> listen();
            case "service" -> register();
            case "logging" -> Logger.getLogger("").addHandler(new LeakyHandler());
            case "process-wide" -> System.getProperties().put("samples.held", new Sleeper());
            default -> {}
        }
    }

    private static ExecutorService pool() {
        return (ExecutorService) Objects.requireNonNull(System.getProperties().get(POOL));
    }

    /** By reflection: an adapter may not import the package. */
    private static void registerBean() throws Exception {
        ClassLoader jdk = ClassLoader.getPlatformClassLoader();
        Class<?> name = Class.forName("javax.management.ObjectName", true, jdk);
        Object server =
                ManagementFactory.class.getMethod("getPlatformMBeanServer").invoke(null);
        Method register =
                Class.forName("javax.management.MBeanServer", true, jdk).getMethod("registerMBean", Object.class, name);
        register.invoke(server, new Leak(), name.getConstructor(String.class).newInstance(BEAN));
    }

    private static void listen() throws Exception {
        Object context = Objects.requireNonNull(System.getProperties().get(CONTEXT));
        ClassLoader framework = context.getClass().getClassLoader();
        Class<?> type = Class.forName("org.osgi.framework.BundleListener", true, framework);
        Object listener = Proxy.newProxyInstance(framework, new Class<?>[] {type}, new Listener());
        Class.forName("org.osgi.framework.BundleContext", true, framework)
                .getMethod("addBundleListener", type)
                .invoke(context, listener);
    }

    private static void register() throws Exception {
        Object context = Objects.requireNonNull(System.getProperties().get(CONTEXT));
        Class.forName(
                        "org.osgi.framework.BundleContext",
                        true,
                        context.getClass().getClassLoader())
                .getMethod("registerService", String.class, Object.class, Dictionary.class)
                .invoke(context, Runnable.class.getName(), new Sleeper(), null);
    }

    /** Sleeps until the test has had enough. */
    public static final class Sleeper implements Runnable {
        @Override
        public void run() {
            while (System.getProperty(LEAKING) != null) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    /** Does nothing in an hour. */
    public static final class LeakyTask extends TimerTask {
        @Override
        public void run() {}
    }

    /** Hears nothing. */
    public static final class Listener implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
            return switch (method.getName()) {
                case "equals" ->
                    arguments != null && System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                case "hashCode" -> System.identityHashCode(proxy);
                default -> null;
            };
        }
    }

    /** What the bean shows. */
    public interface LeakMBean {
        /** Something. */
        int getSize();
    }

    /** A bean. */
    public static final class Leak implements LeakMBean {
        @Override
        public int getSize() {
            return 1;
        }
    }

    /** Writes nothing. */
    public static final class LeakyHandler extends Handler {
        @Override
        public void publish(LogRecord line) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Connects to nothing. */
    public static final class LeakyDriver implements Driver {
        @Override
        public @Nullable Connection connect(String url, Properties info) {
            return null;
        }

        @Override
        public boolean acceptsURL(String url) {
            return false;
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
            return new DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 1;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException("none");
        }
    }
}
