package io.maestro.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.adapters.Definitions;
import io.maestro.model.DefinitionId;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.testing.artifacts.BadArtifact;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;

/** What gets in, and what a refusal leaves behind: an entry in the quarantine and nothing else. */
@RunWith(PaxExam.class)
public class AdmissionTest {
    @Inject
    private BundleContext context;

    private Node node;

    @Configuration
    public Option[] framework() {
        return Distribution.upTo(3, AdmissionTest.class);
    }

    @Before
    public void start() throws IOException, InterruptedException {
        node = Node.in(context);
    }

    @Test
    public void signedAdapterBecomesADefinitionAndABundleThatExportsNothing() throws IOException {
        DefinitionId id = node.install(node.forge.good("admitted", "1.2.3"));

        Definitions.Definition definition = node.definitions.definition(id);
        assertThat(definition.publisher().value()).isEqualTo("trusted");
        assertThat(definition.key().hex()).isEqualTo(node.trusted.fingerprint());
        assertThat(node.files("artifacts")).contains(definition.digest().hex() + ".jar");
        Bundle bundle = node.adapterBundle(id);
        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(bundle.adapt(BundleWiring.class).getCapabilities(PackageNamespace.PACKAGE_NAMESPACE))
                .isEmpty();
    }

    @Test
    public void sameBytesAgainAreAnsweredWithTheDefinitionThatIsThere() throws IOException {
        byte[] artifact = node.forge.good("twice", "1.0.0");
        DefinitionId id = node.install(artifact);

        Definitions.Admitted again = node.definitions.admit(new ByteArrayInputStream(artifact), "upload", Node.ADMIN);

        assertThat(again.fresh()).isFalse();
        assertThat(again.definition().id()).isEqualTo(id);
        assertThat(node.adapterBundle(id).getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    public void sameVersionWithOtherBytesIsRefused() throws IOException {
        DefinitionId id = node.install(node.forge.good("immutable", "1.0.0"));

        Problem problem = node.refusal(node.forge.otherBytes("immutable", "1.0.0"));

        assertThat(problem.code()).isEqualTo("definition-exists");
        assertThat(node.adapterBundle(id).getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    public void everyBadArtifactIsRefusedWithItsCodeAndLeavesNothing() throws IOException {
        List<Long> before = bundles();
        List<String> artifacts = node.files("artifacts");

        for (BadArtifact bad : Stream.concat(
                        node.forge.refusedByInspection().stream(), node.forge.refusedAtStart().stream())
                .toList()) {
            Problem problem = node.refusal(bad.bytes().get());

            assertThat(problem.code()).as(bad.what()).isEqualTo(bad.code());
            assertThat(problem.detail()).as(bad.what()).isNotBlank();
            assertThat(problem.fix()).as(bad.what()).isNotBlank();
            assertThat(node.definitions
                            .quarantine(new PageRequest(1, null))
                            .items()
                            .getFirst()
                            .problem()
                            .code())
                    .as("newest in quarantine after %s", bad.what())
                    .isEqualTo(bad.code());
        }

        assertThat(bundles()).isEqualTo(before);
        assertThat(node.files("artifacts")).isEqualTo(artifacts);
        assertThat(node.files("incoming")).isEmpty();
    }

    private List<Long> bundles() {
        return node.adapterBundles().stream().map(Bundle::getBundleId).toList();
    }
}
