package io.maestro.adapters.context;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.Secret;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.telemetry.ScopedLog;
import io.maestro.api.trust.AdapterManifest.Permissions;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/** What one instance is given when it opens. */
public final class InstanceContext implements AdapterContext {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .addModule(new SimpleModule()
                    .addDeserializer(Secret.class, new SecretReader())
                    .addDeserializer(String.class, new TextReader()))
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private final Scope scope;
    private final InstanceId instance;
    private final ObjectNode configuration;
    private final Permissions permissions;
    private final InstantSource clock;
    private final Path folder;
    private final System.Logger logger;
    private final HttpClient http;

    /**
     * Puts together what an instance is given.
     *
     * @param configuration with its secrets
     * @param mask hides their values in the log
     * @param folder the instance's own, made when it is first asked for
     * @param network the node's way to the outside
     */
    public InstanceContext(
            Scope scope,
            InstanceId instance,
            ObjectNode configuration,
            SecretMask mask,
            Permissions permissions,
            InstantSource clock,
            Path folder,
            Network network) {
        this.scope = scope;
        this.instance = instance;
        this.configuration = configuration;
        this.permissions = permissions;
        this.clock = clock;
        this.folder = folder;
        this.logger = new MaskingLogger(
                ScopedLog.of(System.getLogger("io.maestro.adapter"), scope, instance),
                scope + "/" + instance + ": ",
                mask);
        this.http = new PermittedHttpClient(
                network,
                NetworkPermissions.of(
                        permissions.network(), name -> configuration.path(name).textValue()));
    }

    /** Forgets how the records of adapters are read: an adapter has gone, and what is remembered would hold its classes. */
    public static void forgetTypes() {
        MAPPER.clearCaches();
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public InstanceId instance() {
        return instance;
    }

    @Override
    public <R extends Record> R configuration(Class<R> type) {
        try {
            return MAPPER.treeToValue(configuration, type);
        } catch (JsonProcessingException e) {
            // the library's message may quote a value, and the value may be a secret
            throw Problem.of(
                            AdapterProblem.ADAPTER_FAILED,
                            "the configuration does not fit the adapter's record " + type.getSimpleName() + where(e),
                            "The record and the schema in the adapter's manifest must agree; ask its publisher.")
                    .asException();
        }
    }

    private static String where(JsonProcessingException e) {
        if (!(e instanceof com.fasterxml.jackson.databind.JsonMappingException mapping)) {
            return "";
        }
        StringBuilder pointer = new StringBuilder();
        mapping.getPath()
                .forEach(step -> pointer.append('/')
                        .append(step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName()));
        return pointer.isEmpty() ? "" : " at " + pointer;
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public System.Logger logger() {
        return logger;
    }

    @Override
    public HttpClient http() {
        return http;
    }

    @Override
    public Path folder() {
        if (!permissions.files()) {
            throw Problem.of(
                            AdapterProblem.FILES_NOT_PERMITTED,
                            "the adapter's manifest does not ask for a folder",
                            "Set permissions.files to true in META-INF/maestro/adapter.yaml.")
                    .asException();
        }
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a text, and refuses to make one of a secret. */
    private static final class TextReader extends StringDeserializer {
        private static final long serialVersionUID = 1;

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.hasToken(JsonToken.VALUE_EMBEDDED_OBJECT)) {
                return context.reportInputMismatch(String.class, "a secret is not a text");
            }
            return super.deserialize(parser, context);
        }
    }

    /** Reads a secret: one that is wrapped already as it is, anything else as its JSON. */
    private static final class SecretReader extends StdDeserializer<Secret> {
        private static final long serialVersionUID = 1;

        SecretReader() {
            super(Secret.class);
        }

        @Override
        public Secret deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.hasToken(JsonToken.VALUE_EMBEDDED_OBJECT)
                    && parser.getEmbeddedObject() instanceof Secret wrapped) {
                return wrapped;
            }
            JsonNode node = parser.readValueAsTree();
            return new Secret(node.isTextual() ? node.textValue() : node.toString());
        }
    }
}
