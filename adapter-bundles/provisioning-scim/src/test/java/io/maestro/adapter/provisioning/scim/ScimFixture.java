package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.provisioning.ProvisioningFixture;
import io.maestro.testing.peers.ScimServer;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** This adapter and a SCIM server; a new directory for each place. */
final class ScimFixture implements ProvisioningFixture {
    private final ScimServer server;
    private final Settings.Roles roles;
    private final Set<Offer> offers;

    ScimFixture(ScimServer server, Settings.Roles roles, Set<Offer> offers) {
        this.server = server;
        this.roles = roles;
        this.offers = Set.copyOf(offers);
    }

    @Override
    public AdapterFactory factory() {
        return new ProvisioningScimComponent();
    }

    @Override
    public Map<String, ?> emptyDirectory() throws Exception {
        ScimServer.Directory directory = server.newDirectory();
        return Map.of(
                "baseUrl",
                directory.baseUrl().toString(),
                "token",
                directory.token(),
                "roles",
                roles == Settings.Roles.GROUPS ? "groups" : "attribute");
    }

    @Override
    public Set<Offer> offers() {
        return offers;
    }

    @Override
    public String newGroup(Map<String, ?> directory) throws Exception {
        return group(directory, "group-" + UUID.randomUUID());
    }

    @Override
    public String newRole(Map<String, ?> directory) throws Exception {
        // without quotes and brackets: in the path of a PATCH the server leaves the escapes of a text as they are
        String name = "role " + UUID.randomUUID();
        if (roles == Settings.Roles.GROUPS) {
            group(directory, name);
        }
        return name;
    }

    private String group(Map<String, ?> directory, String name) throws Exception {
        return server.newGroup(
                new ScimServer.Directory(
                        URI.create(String.valueOf(directory.get("baseUrl"))), String.valueOf(directory.get("token"))),
                name);
    }

    @Override
    public String refusedEmail() {
        return "ada@refused.invalid";
    }

    @Override
    public URI system(Map<String, ?> directory) {
        return URI.create(String.valueOf(directory.get("baseUrl")));
    }

    @Override
    public Map<String, ?> elsewhere(Map<String, ?> directory, URI address) {
        return with(directory, "baseUrl", address + system(directory).getPath());
    }

    @Override
    public Map<String, ?> wrongCredentials(Map<String, ?> directory) {
        return with(directory, "token", "a-wrong-token-of-tests-only");
    }

    @Override
    public Map<String, ?> directoryMissing(Map<String, ?> directory) {
        String baseUrl = String.valueOf(directory.get("baseUrl"));
        return with(
                directory,
                "baseUrl",
                URI.create(baseUrl).resolve("/no-such-directory/scim/v2").toString());
    }

    static Map<String, ?> with(Map<String, ?> directory, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(directory);
        changed.put(name, value);
        return changed;
    }
}
