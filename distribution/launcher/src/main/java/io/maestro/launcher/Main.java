package io.maestro.launcher;

import io.maestro.api.node.Values;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The process: command line, console, exit code. */
public final class Main {
    private final PrintStream out;
    private final PrintStream err;
    private final StopSequence started = new StopSequence();
    private final AtomicInteger exitCode = new AtomicInteger();

    private Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Starts a node in the foreground; returns never, ends the process. */
    public static void main(String[] arguments) throws InterruptedException {
        // Whatever else is printed goes to the log; the console belongs to the launcher.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        new Main(out, err).run(List.of(arguments));
    }

    private void run(List<String> arguments) throws InterruptedException {
        try {
            Home home = Home.at(Path.of(System.getProperty(Home.PROPERTY, ".")).toAbsolutePath());
            switch (CommandLine.parse(
                    ValueFiles.withProfile(arguments, System.getenv()), Path.of(System.getProperty("user.dir", ".")))) {
                case CommandLine.Help() -> out.print(CommandLine.help());
                case CommandLine.Version() -> out.println("Maestro Conductor " + home.version());
                case CommandLine.Start(Options options) -> serve(home, options);
            }
        } catch (LaunchFailure failure) {
            complain(failure, null);
            System.exit(failure.exitCode());
        }
    }

    private void serve(Home home, Options options) throws LaunchFailure, InterruptedException {
        DataFolder data = DataFolder.take(options.data());
        Path log = data.resolve("logs/maestro.log");
        try {
            Values values = ValueFiles.read(home.profiles(), options);
            NodeLog.open(log, err, values);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(data), "stop"));
            URI address = new Node(home, options, values, data, started).start(this::databaseLost);
            if (options.demo()) {
                new Demo(home, data).prepare(address);
            }
            new Banner(home, data.folder(), log, Path.of(System.getProperty("user.dir", ".")))
                    .lines(address, sinceStart())
                    .forEach(out::println);
        } catch (LaunchFailure failure) {
            fail(failure, failure, log);
        } catch (IOException e) {
            complain(new LaunchFailure("the log " + log + " cannot be written: " + e.getMessage(), e), null);
            exit(LaunchFailure.FAILED);
        } catch (RuntimeException | Error e) {
            fail(new LaunchFailure("the node does not start: " + e, e), e, log);
        }
        new CountDownLatch(1).await();
    }

    /** Says why the node does not start, unless it is just being stopped: then that is why, and whoever stopped it knows. */
    private void fail(LaunchFailure failure, Throwable cause, Path log) {
        System.getLogger(Main.class.getName()).log(Level.INFO, "the node does not start", cause);
        if (!started.stopping()) {
            complain(failure, log);
            exit(failure.exitCode());
        }
    }

    /** Since the script began, when it says so: the process may be older, for ./run builds before it becomes this one. */
    private static Duration sinceStart() {
        Long micros = Long.getLong("maestro.begin");
        return Optional.ofNullable(micros)
                .map(begin -> Instant.EPOCH.plus(begin, ChronoUnit.MICROS))
                .or(() -> ProcessHandle.current().info().startInstant())
                .map(start -> Duration.between(start, Instant.now()))
                .orElse(Duration.ZERO);
    }

    private void databaseLost() {
        if (!started.stopping()) {
            err.println("maestro-server: the embedded database ended; see logs/postgres.log in the data folder");
            exit(LaunchFailure.FAILED);
        }
    }

    private void exit(int code) {
        exitCode.set(code);
        System.exit(code);
    }

    /** The shutdown hook. Ends the process itself: after a signal the virtual machine would not answer 0. */
    private void stop(DataFolder data) {
        Impatience.haltOnNextSignal();
        boolean clean = started.stop();
        try {
            // Only now: whoever takes the folder next must find no database at work in it.
            data.close();
        } catch (IOException e) {
            clean = false;
        }
        int code = exitCode.get();
        Runtime.getRuntime().halt(code == 0 && !clean ? LaunchFailure.FAILED : code);
    }

    private void complain(LaunchFailure failure, @Nullable Path log) {
        err.println("maestro-server: " + failure.getMessage());
        failure.details().forEach(detail -> err.println("  " + detail));
        if (log != null) {
            err.println("  log: " + log);
        }
    }
}
