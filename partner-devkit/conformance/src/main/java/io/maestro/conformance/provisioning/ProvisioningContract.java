package io.maestro.conformance.provisioning;

import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.conformance.AdapterManifest;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.model.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** One part of the kit: opens instances as the fixture says. */
abstract class ProvisioningContract extends ProvisioningCalls {
    private final ProvisioningKit kit;
    private final List<TestAdapterContext> contexts = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it first
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test, see openEmpty
    private ProvisioningFixture fixture;

    @SuppressWarnings("NullAway.Init") // set before each test, see openEmpty
    private Map<String, ?> place;

    ProvisioningContract(ProvisioningKit kit) {
        this.kit = kit;
    }

    @Override
    protected UserDirectory openEmpty() throws Exception {
        fixture = kit.fixture();
        place = fixture.emptyDirectory();
        return opened(place);
    }

    final ProvisioningFixture fixture() {
        return fixture;
    }

    /** The configuration of the instance of this test. */
    final Map<String, ?> place() {
        return place;
    }

    final boolean offers(ProvisioningFixture.Offer offer) {
        return fixture.offers().contains(offer);
    }

    /** One of each operation that the directory has. */
    final List<ThrowingCallable> acts(UserDirectory directory) {
        return acts(directory, offers(ProvisioningFixture.Offer.ROLES));
    }

    final AdapterManifest manifest() throws IOException {
        return AdapterManifest.read(fixture.manifest());
    }

    /** The context of the instance of this test. */
    final TestAdapterContext context() {
        return contexts.getFirst();
    }

    /** A context that lives until the end of the test. */
    final TestAdapterContext context(Scope scope, Map<String, ?> configuration) throws IOException {
        return context(scope, configuration, null);
    }

    /** The same, whose HTTP client trusts whom it is told. */
    final TestAdapterContext context(Scope scope, Map<String, ?> configuration, @Nullable SSLContext tls)
            throws IOException {
        Path own = Files.createDirectory(folder.resolve("instance-" + contexts.size()));
        TestAdapterContext context = closeAfterwards(new TestAdapterContext(scope, own, configuration, tls));
        contexts.add(context);
        return context;
    }

    /** Another instance, for the test to close. */
    final UserDirectory opened(Map<String, ?> configuration) throws IOException {
        return opened(context(Scope.of("acme", "dev"), configuration));
    }

    final UserDirectory opened(TestAdapterContext context) {
        return (UserDirectory) fixture.factory().open(context);
    }
}
