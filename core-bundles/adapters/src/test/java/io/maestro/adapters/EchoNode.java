package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.adapters.samples.WorkingFactory;
import io.maestro.adapters.samples.WorkingStorage;
import io.maestro.adapters.tables.adapters.Tables;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Definitions.Admitted;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.Actor;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.store.postgres.PostgresDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;

/** A node that hosts versions of the echo, each of which says which one it is when it is called. */
record EchoNode(TestHost host) {
    static final Scope ACME = Scope.of("acme", "prod");
    static final InstanceId MAIN = new InstanceId("main");
    static final Actor ADA = new Actor("user:ada", "request-1");
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A version that says which one it is. */
    static SampleBundle working(String name, String version) {
        return new SampleBundle(name, version)
                .factory(WorkingFactory.class)
                .with(WorkingFactory.Settings.class, WorkingStorage.class, anonymous())
                .file(WorkingFactory.LABEL, version);
    }

    private static Class<?> anonymous() {
        try {
            return Class.forName(WorkingStorage.class.getName() + "$1");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    static PostgresDatabase open(String url, String user, String password) {
        return PostgresDatabase.open(new NodeSettings.Database(URI.create(url), user, password));
    }

    Admitted admit(String version) throws Exception {
        return admit(working("echo", version));
    }

    Admitted admit(SampleBundle bundle) throws Exception {
        return host.definitions().admit(new ByteArrayInputStream(bytes(bundle)), "upload", ADA);
    }

    byte[] bytes(SampleBundle bundle) throws IOException {
        Path jar = Files.createTempFile(host.data, "sample", ".jar");
        byte[] bytes = Files.readAllBytes(bundle.write(jar));
        Files.delete(jar);
        return bytes;
    }

    /** Where the instance keeps its files, if it does. */
    Path folder(InstanceId id) {
        long incarnation = host.database.<Long>asPlatform(sql -> sql.select(Tables.ADAPTER_INSTANCE.INCARNATION)
                .from(Tables.ADAPTER_INSTANCE)
                .where(Tables.ADAPTER_INSTANCE.INSTANCE.eq(id.value()))
                .fetchSingle(Tables.ADAPTER_INSTANCE.INCARNATION));
        return new InstanceFolders(host.data.resolve("instances"), Steps.UNHEARD)
                .folder(new InstanceKey(ACME, id), incarnation);
    }

    /** Where the node keeps the artifact of this version. */
    Path file(String version) {
        return host.data
                .resolve("artifacts")
                .resolve(host.definitions()
                                .definition(DefinitionId.parse("echo@" + version))
                                .digest()
                                .hex()
                        + ".jar");
    }

    void create(InstanceId id, String version) {
        host.instances()
                .create(ACME, id, DefinitionId.parse("echo@" + version), new Json("{\"greeting\":\"hello\"}"), ADA);
        assertThat(host.instances().await(ACME, id, PATIENCE).observed()).isEqualTo(Observed.RUNNING);
    }

    Instance upgrade(String version) {
        return host.acts()
                .carryOut(new InstanceAct.Upgrade(ACME, MAIN, new AdapterVersion(version), null, null), null, ADA)
                .orElseThrow();
    }

    Instance rollback() {
        return host.acts()
                .carryOut(new InstanceAct.Rollback(ACME, MAIN, null, null), null, ADA)
                .orElseThrow();
    }

    Instance instance(InstanceId id) {
        return host.instances().instance(ACME, id);
    }

    /** Which version answers a call. */
    String answer(InstanceId id) {
        byte[] answer = host.calls()
                .call(
                        ACME,
                        id,
                        new OperationName("list"),
                        "{\"prefix\":\"0\",\"limit\":1}".getBytes(StandardCharsets.UTF_8),
                        new CallOptions("test", "c", null, null));
        JsonNode list = Documents.tree(new String(answer, StandardCharsets.UTF_8));
        return list.path("objects").path(0).path("etag").asText();
    }

    /** What the instance was, newest first. */
    List<String> versions() {
        return host.acts().versions(ACME, MAIN, PageRequest.first()).items().stream()
                .map(version -> version.number() + " " + version.definition())
                .toList();
    }

    /** Until the database answers this node. */
    void awaitReachable() {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(versions()).isNotEmpty());
    }

    /** Until the instance answers as this version, and is it. */
    void awaitVersion(String version) {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(instance(MAIN).definition().version().value()).isEqualTo(version);
            assertThat(answer(MAIN)).isEqualTo(version);
        });
    }

    /** Until what is open and installed is what the row says: one instance of one version, and no file of another. */
    void awaitNoOrphans(Set<String> files) {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(host.find("(maestro.tenant=acme)")).hasSize(1);
            assertThat(bundles()).containsExactly(instance(MAIN).definition().toString());
            assertThat(versions().getFirst())
                    .endsWith(instance(MAIN).definition().toString());
            assertThat(files()).isEqualTo(files);
        });
    }

    /** The versions whose bundles are installed. */
    List<String> bundles() {
        return Stream.of(host.framework.host.getBundles())
                .filter(bundle -> "echo".equals(bundle.getSymbolicName()))
                .map(Bundle::getVersion)
                .map(version -> "echo@" + version)
                .sorted()
                .toList();
    }

    /** Artifacts and folders of instances. */
    Set<String> files() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String folder : List.of("artifacts", "instances")) {
            Path path = host.data.resolve(folder);
            if (Files.isDirectory(path)) {
                try (Stream<Path> all = Files.walk(path)) {
                    names.addAll(
                            all.map(host.data::relativize).map(Path::toString).collect(Collectors.toSet()));
                }
            }
        }
        return names;
    }
}
