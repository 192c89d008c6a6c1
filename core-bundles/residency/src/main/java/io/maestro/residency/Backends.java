package io.maestro.residency;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Calls.Download;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.residency.Items.Content;
import io.maestro.api.residency.ResidencyProblem;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.residency.Placement.Written;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The storage instances, called by the names of their operations as everybody else calls them: bounded by the host. */
final class Backends {
    /** A stream may take as long as a call can. */
    static final Duration STREAM = Duration.ofMinutes(5);

    private static final String STORAGE = "storage";
    private static final OperationName PUT_OBJECT = new OperationName("put_object");
    private static final OperationName GET_OBJECT = new OperationName("get_object");
    private static final OperationName DELETE_OBJECT = new OperationName("delete_object");

    private final BiFunction<Scope, InstanceId, Instance> instances;
    private final Function<DefinitionId, Definition> definitions;
    private final Calls calls;
    private final ReportedRegion reported;

    Backends(
            BiFunction<Scope, InstanceId, Instance> instances,
            Function<DefinitionId, Definition> definitions,
            Calls calls,
            ReportedRegion reported) {
        this.instances = instances;
        this.definitions = definitions;
        this.calls = calls;
        this.reported = reported;
    }

    /** The instance, open or not. */
    Backend look(Scope scope, InstanceId id) {
        return backend(scope, id, null);
    }

    /**
     * The instance, which has to be open. What is written to it is written to the very one that was looked at here: its
     * fingerprint is taken first, and a change after that has the write refused.
     */
    Backend open(Scope scope, InstanceId id) {
        Digest fingerprint = calls.fingerprint(scope, id);
        return backend(scope, id, fingerprint);
    }

    private Backend backend(Scope scope, InstanceId id, @Nullable Digest fingerprint) {
        Instance instance = instances.apply(scope, id);
        if (!instance.type().value().equals(STORAGE)) {
            throw Problem.of(
                            ResidencyProblem.INSTANCE_STORES_NOTHING,
                            "the instance \"" + id + "\" in " + scope + " is of the type " + instance.type(),
                            "Name an instance of the type storage.")
                    .asException();
        }
        Definition definition = definitions.apply(instance.definition());
        return new Backend(instance, definition, fingerprint, reported.of(instance, definition));
    }

    /** Writes the object of a placement. What the storage counts must be what was sent. */
    Written put(Placement placement, Backend backend, Content content, Actor actor) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("key", placement.objectKey());
        input.put("contentType", placement.contentType());
        input.put("metadata", Map.of("maestro-kind", placement.name().kind(), "maestro-region", placement.region()));
        MeasuredStream measured = new MeasuredStream(content.bytes());
        byte[] output = calls.upload(
                placement.scope(),
                placement.instance(),
                PUT_OBJECT,
                bytes(input),
                measured,
                content.length(),
                new CallOptions(actor, null, STREAM, backend.fingerprint(), content.digest()));
        Written written = measured.measured();
        long stored = Documents.tree(new String(output, UTF_8)).path("size").asLong(-1);
        if (stored != written.size()) {
            throw damaged(placement, written.size() + " bytes were sent to it, and it says " + stored);
        }
        return written;
    }

    /** Opens the object of a placement; its stream fails at its end when the bytes are others. */
    MeasuredStream get(Placement placement, Written expected, Actor actor) {
        Download download = calls.download(
                placement.scope(),
                placement.instance(),
                GET_OBJECT,
                bytes(Map.of("key", placement.objectKey())),
                new CallOptions(actor, null, STREAM));
        return new MeasuredStream(download.content(), expected);
    }

    /** Reads the object of a placement to its end, and compares. */
    void verify(Placement placement, Written expected, Actor actor) {
        try (InputStream bytes = get(placement, expected, actor)) {
            bytes.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw damaged(placement, String.valueOf(e.getMessage()));
        }
    }

    /** Deletes the object of a placement; what is not there is no failure. */
    void delete(Placement placement, Actor actor) {
        calls.call(
                placement.scope(),
                placement.instance(),
                DELETE_OBJECT,
                bytes(Map.of("key", placement.objectKey())),
                new CallOptions(actor, null, null));
    }

    static ProblemException damaged(Placement placement, String why) {
        return Problem.of(
                        ResidencyProblem.DATA_DAMAGED,
                        "the object " + placement.objectKey() + " of " + placement.name() + " at the instance \""
                                + placement.instance() + "\" in " + placement.scope() + " is not as stored: " + why,
                        "See whether somebody changes the bucket past the server; restore the object, or store the item anew.")
                .asException();
    }

    private static byte[] bytes(Map<String, Object> input) {
        return Json.object(input).text().getBytes(UTF_8);
    }
}
