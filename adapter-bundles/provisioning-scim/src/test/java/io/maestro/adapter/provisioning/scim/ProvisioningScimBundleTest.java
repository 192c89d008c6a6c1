package io.maestro.adapter.provisioning.scim;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.UserAttributes;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.testing.bundle.AdapterBundleContract;
import io.maestro.testing.bundle.OnlyTheBundle;
import io.maestro.testing.peers.ScimServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProvisioningScimBundleTest extends AdapterBundleContract {
    @Test
    void worksWithNothingButWhatTheBundleCarries(@TempDir Path folder) throws Exception {
        try (ScimServer server = ScimServer.start(folder);
                OnlyTheBundle bundle = new OnlyTheBundle(CONTENT)) {
            ScimServer.Directory place = server.newDirectory();
            Class<?> component = bundle.loadClass(ProvisioningScimComponent.class.getName());
            assertThat(component).isNotSameAs(ProvisioningScimComponent.class);
            AdapterFactory factory = (AdapterFactory) component.getConstructor().newInstance();
            CallContext call = new CallContext("test", Instant.now().plusSeconds(60), null);
            Map<String, ?> configuration = Map.of("baseUrl", place.baseUrl().toString(), "token", place.token());
            try (TestAdapterContext context = new TestAdapterContext(folder, configuration);
                    UserDirectory directory = (UserDirectory) factory.open(context)) {
                assertThat(directory.health()).isEqualTo(new Health.Up());
                UserAttributes ada = new UserAttributes("ada", null, null, null, null);
                String id = directory
                        .createUser(call, new CreateUser("1", ada, null))
                        .id();
                assertThat(directory.deactivateUser(call, new UserReference(id)).active())
                        .isFalse();
            }
        }
    }
}
