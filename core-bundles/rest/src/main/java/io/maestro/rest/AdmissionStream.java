package io.maestro.rest;

import io.maestro.api.http.RequestProperty;
import io.maestro.api.telemetry.ScopedLog;
import io.maestro.api.trust.Verification;
import io.maestro.api.trust.Verification.Check;
import io.maestro.model.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * An installation that is told line by line as it goes. It runs on a thread of its own, since it holds locks while it tells of
 * a check, and a caller who reads slowly must not hold them longer. A caller who goes away misses the rest of the lines; what
 * was begun comes to its end as if nobody had asked for lines.
 */
final class AdmissionStream implements StreamingOutput {
    private static final System.Logger LOG = System.getLogger(AdmissionStream.class.getName());

    private final Admission admission;
    private final ContainerRequestContext request;
    private final Wire wire;
    private final String correlationId;
    private final String path;
    private final ScopedLog log;

    /** What is done. */
    @FunctionalInterface
    interface Admission {
        /** Gives the last line. */
        InstallLine toldTo(Verification verification) throws IOException;
    }

    AdmissionStream(Admission admission, ContainerRequestContext request, Wire wire) {
        this.admission = admission;
        this.request = request;
        this.wire = wire;
        this.correlationId = Caller.correlationId(request);
        this.path = request.getUriInfo().getRequestUri().getRawPath();
        this.log = Caller.log(LOG, request);
    }

    @Override
    public void write(OutputStream out) {
        // there is room for all lines: each check ends at most once
        BlockingQueue<InstallLine> lines = new ArrayBlockingQueue<>(Check.values().length + 1);
        Thread admitting = Thread.ofVirtual().name("rest-admission").start(() -> admit(lines));
        try {
            InstallLine line;
            do {
                line = lines.take();
                out.write(written(line));
                out.flush();
            } while (!line.isLast());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "the caller of request " + correlationId + " went away from an installation", e);
            request.setProperty(RequestProperty.BROKEN, true);
        } catch (InterruptedException e) {
            admitting.interrupt();
            Thread.currentThread().interrupt();
            LOG.log(Level.DEBUG, "request " + correlationId + " was interrupted in an installation", e);
            request.setProperty(RequestProperty.BROKEN, true);
        } finally {
            // it reads the body, which is there for as long as the request is
            awaitEnd(admitting);
        }
    }

    private void admit(BlockingQueue<InstallLine> lines) {
        InstallLine last;
        try {
            last = admission.toldTo(new Verification(step -> lines.add(InstallLine.of(step))));
        } catch (Throwable thrown) { // whatever it is: who waits for the last line must get one
            Problem problem = Problems.problem(thrown);
            log.log(Problems.level(problem), "request " + correlationId + " failed: " + problem.code(), thrown);
            last = InstallLine.of(ProblemBody.of(problem, path, correlationId));
        }
        lines.add(last);
    }

    /** A line as it crosses the wire; one that cannot be written is a fault of ours, told as such, and no caller who went away. */
    private byte[] written(InstallLine line) {
        try {
            return bytes(line);
        } catch (IllegalStateException e) {
            log.log(Level.ERROR, "request " + correlationId + " has a line that cannot be written", e);
            return bytes(InstallLine.of(ProblemBody.of(Problems.problem(e), path, correlationId)));
        }
    }

    private byte[] bytes(InstallLine line) {
        try {
            byte[] json = wire.bytes(line);
            byte[] ended = Arrays.copyOf(json, json.length + 1);
            ended[json.length] = '\n';
            return ended;
        } catch (IOException e) {
            throw new IllegalStateException("no JSON can be made of a line of an installation", e);
        }
    }

    private static void awaitEnd(Thread admitting) {
        boolean interrupted = Thread.interrupted();
        while (admitting.isAlive()) {
            try {
                admitting.join();
            } catch (InterruptedException e) {
                admitting.interrupt();
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
