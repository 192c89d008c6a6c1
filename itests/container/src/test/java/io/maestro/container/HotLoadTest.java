package io.maestro.container;

import static io.maestro.container.Node.ACME;
import static io.maestro.container.Node.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.api.adapters.Instances;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;
import io.maestro.model.PublisherName;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.BadArtifact;
import io.maestro.testing.artifacts.TestPublisher;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.inject.Inject;
import org.awaitility.Awaitility;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Adapters come and go while others are called. */
@RunWith(PaxExam.class)
public class HotLoadTest {
    @Inject
    private BundleContext context;

    private Node node;

    @Configuration
    public Option[] framework() {
        return Distribution.upTo(3, HotLoadTest.class);
    }

    @Before
    public void start() throws IOException, InterruptedException {
        node = Node.in(context);
    }

    @Test
    public void adapterInstalledWhileRunningServesACall() throws IOException {
        DefinitionId definition = node.install(node.forge.good("hot", "1.0.0"));

        InstanceId instance = node.open(ACME, "hot", definition);
        node.put(ACME, instance, "greeting", "good day");

        assertThat(node.get(ACME, instance, "greeting")).isEqualTo("good day");
    }

    @Test
    public void openInstanceIsAServiceThatSaysWhoseItIs() throws IOException {
        DefinitionId definition = node.install(node.forge.good("described", "2.1.0"));

        InstanceId instance = node.open(GLOBEX, "described", definition);

        assertThat(node.instanceServices(GLOBEX, instance)).singleElement().satisfies(service -> {
            assertThat(service.getProperty("maestro.tenant")).isEqualTo("globex");
            assertThat(service.getProperty("maestro.environment")).isEqualTo("prod");
            assertThat(service.getProperty("maestro.category")).isEqualTo("storage");
            assertThat(service.getProperty("maestro.instance")).isEqualTo("described");
            assertThat(service.getProperty("maestro.version")).isEqualTo("2.1.0");
            assertThat((String[]) service.getProperty("objectClass"))
                    .contains(ObjectStorage.class.getName(), AdapterInstance.class.getName());
            assertThat(context.getService(service)).isInstanceOf(ObjectStorage.class);
        });
    }

    @Test
    public void deletedInstanceIsGoneAndItsNeighbourIsNot() throws IOException {
        DefinitionId definition = node.install(node.forge.good("shared", "1.0.0"));
        InstanceId gone = node.open(ACME, "gone", definition);
        InstanceId stays = node.open(GLOBEX, "stays", definition);
        ServiceReference<?> service =
                node.instanceServices(ACME, gone).iterator().next();
        node.put(GLOBEX, stays, "key", "kept");

        node.instances.delete(ACME, gone, null, Node.ADMIN);

        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> service.getBundle() == null);
        assertThat(node.instanceServices(ACME, gone)).isEmpty();
        assertThat(node.refusedCall(ACME, gone).code()).isEqualTo("instance-unknown");
        assertThat(node.get(GLOBEX, stays, "key")).isEqualTo("kept");
        assertThat(node.adapterBundle(definition).getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    public void twoVersionsStandSideBySide() throws IOException {
        DefinitionId old = node.install(node.forge.good("versioned", "1.0.0"));
        DefinitionId fresh = node.install(node.forge.good("versioned", "1.1.0"));
        InstanceId before = node.open(ACME, "before", old);
        InstanceId after = node.open(ACME, "after", fresh);

        assertThat(classOf(before)).isNotSameAs(classOf(after));
        assertThat(classOf(before).getName()).isEqualTo(classOf(after).getName());
        assertThat(node.adapterBundle(old)).isNotEqualTo(node.adapterBundle(fresh));
    }

    private Class<?> classOf(InstanceId instance) {
        ServiceReference<?> service =
                node.instanceServices(ACME, instance).iterator().next();
        return Objects.requireNonNull(context.getService(service)).getClass();
    }

    @Test
    public void bundleThatThrowsOrHangsAtStartLeavesOthersServed() throws IOException {
        InstanceId other = node.open(GLOBEX, "other", node.install(node.forge.good("other", "1.0.0")));
        node.put(GLOBEX, other, "key", "served");

        for (BadArtifact bad : node.forge.refusedAtStart()) {
            CompletableFuture<String> refused = CompletableFuture.supplyAsync(
                    () -> node.refusal(bad.bytes().get()).code());
            int calls = 0;
            do {
                assertThat(node.get(GLOBEX, other, "key")).isEqualTo("served");
                calls++;
            } while (!refused.isDone());

            assertThat(refused.join()).isEqualTo(bad.code());
            assertThat(calls).isPositive();
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> node.adapterBundles().stream()
                        .noneMatch(bundle -> bundle.getSymbolicName().contains(".bad.")));
    }

    @Test
    public void revokedKeyClosesWhatItSigned() throws IOException {
        TestPublisher careless = TestPublisher.create("careless");
        node.trust(careless);
        DefinitionId definition =
                node.install(AdapterJar.storage("careless", "1.0.0").signedBy(careless));
        InstanceId instance = node.open(ACME, "careless", definition);

        node.publishers.revoke(
                new PublisherName("careless"), Digest.parse(careless.fingerprint()), "stolen", Node.ADMIN);

        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> node.instanceServices(ACME, instance).isEmpty());
        Instances.Instance closed = node.instances.await(ACME, instance, Duration.ofMinutes(1));
        assertThat(closed.observed()).isEqualTo(Instances.Observed.FAILED);
        assertThat(closed.problem()).isNotNull().extracting(Problem::code).isEqualTo("instance-key-revoked");
        assertThat(node.refusedCall(ACME, instance).code()).isEqualTo("instance-not-running");
    }
}
