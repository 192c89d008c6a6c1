package io.maestro.conformance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.Secret;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The context of one instance in a test: real time until it is moved ahead, a real folder, a real HTTP client, a log that is kept. It permits every
 * host, unlike the server. Close it after the instance; that ends the client's threads.
 */
public final class TestAdapterContext implements AdapterContext, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addDeserializer(Secret.class, new SecretReader()))
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final Scope scope;
    private final Path folder;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final Map<String, ?> configuration;
    private final CapturedLog log = new CapturedLog();
    private final Set<Class<? extends Record>> asked = ConcurrentHashMap.newKeySet();

    // virtual threads, as the server has
    private final ExecutorService httpThreads = Executors.newVirtualThreadPerTaskExecutor();

    private final HttpClient http;

    /** A context with this folder and this configuration. */
    public TestAdapterContext(Path folder, Map<String, ?> configuration) {
        this(Scope.of("acme", "dev"), folder, configuration);
    }

    /** A context of this tenant and environment. */
    public TestAdapterContext(Scope scope, Path folder, Map<String, ?> configuration) {
        this(scope, folder, configuration, null);
    }

    /**
     * The same.
     *
     * @param tls whom its HTTP client trusts; null for whom this machine trusts
     */
    public TestAdapterContext(Scope scope, Path folder, Map<String, ?> configuration, @Nullable SSLContext tls) {
        this.scope = scope;
        this.folder = folder;
        this.configuration = Map.copyOf(configuration);
        HttpClient.Builder client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(httpThreads);
        this.http = (tls == null ? client : client.sslContext(tls)).build();
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public InstanceId instance() {
        return new InstanceId("under-test");
    }

    @Override
    public <R extends Record> R configuration(Class<R> type) {
        asked.add(type);
        return JSON.convertValue(configuration, type);
    }

    /** The records that the adapter has asked its configuration as. */
    public Set<Class<? extends Record>> configurationTypes() {
        return Set.copyOf(asked);
    }

    /** The names of all properties that the adapter has asked for. */
    public Set<String> askedProperties() {
        return asked(component -> true);
    }

    /** The names of those that it has asked for as secrets. */
    public Set<String> askedSecrets() {
        return asked(component -> component.getType().equals(Secret.class));
    }

    private Set<String> asked(Predicate<RecordComponent> which) {
        return asked.stream()
                .flatMap(type -> Arrays.stream(type.getRecordComponents()))
                .filter(which)
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What the adapter has logged so far, of every level, with what was thrown. */
    public List<String> logged() {
        return log.lines();
    }

    @Override
    public InstantSource clock() {
        return () -> InstantSource.system().instant().plus(ahead.get());
    }

    /** From now on its time is so much later. */
    public void pass(Duration time) {
        ahead.updateAndGet(time::plus);
    }

    @Override
    public System.Logger logger() {
        return log;
    }

    @Override
    public HttpClient http() {
        return http;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        http.shutdownNow();
        httpThreads.shutdownNow();
    }

    private static final class SecretReader extends StdDeserializer<Secret> {
        private static final long serialVersionUID = 1;

        SecretReader() {
            super(Secret.class);
        }

        @Override
        public Secret deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return new Secret(parser.getText());
        }
    }
}
