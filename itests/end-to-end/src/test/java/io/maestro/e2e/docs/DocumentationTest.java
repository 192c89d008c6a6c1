package io.maestro.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.e2e.docs.Page.Step;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import io.maestro.testing.peers.GcsProtocolServer;
import io.maestro.testing.peers.OidcProvider;
import io.maestro.testing.peers.S3Proxy;
import io.maestro.testing.peers.ScimServer;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each page against a server of its own. With {@code -Ddocs.update=true} the pages take over what was answered; read the
 * diff.
 */
class DocumentationTest {
    private static final boolean UPDATE = Boolean.getBoolean("docs.update");

    /** What the README has its reader do before anything else. */
    private static final String LOGGED_IN = """
            export MAESTRO_HOME=$PWD/distribution/assembly/target/maestro
            export PATH="$MAESTRO_HOME/bin:$PATH"
            maestro login --url http://127.0.0.1:8080 --token-file data/bootstrap-token
            """;

    /** The storage that the tour leaves running. */
    private static final String STORAGE_OF_ACME = LOGGED_IN + """
            export S3_SECRET=local-credential
            maestro adapter install "$MAESTRO_HOME"/adapters/signed/io.maestro.adapter.storage.s3-*.jar
            maestro tenant create acme
            maestro instance create --tenant acme --environment prod --adapter storage-s3@1.0.0 \
              --set endpoint=http://127.0.0.1:9000 --set region=us-east-1 --set bucket=acme-files \
              --set accessKeyId=local-identity --secret secretAccessKey=env:S3_SECRET files
            """;

    @TempDir
    private Path folder;

    @Test
    void theTourOfTheReadmeWorksAsWritten() throws Exception {
        follow("README.md", "");
    }

    @Test
    void theTutorialWorksAsWritten() throws Exception {
        follow("docs/tutorials/write-a-storage-adapter.md", "");
    }

    @Test
    void aTenantsProviderAndBucketAreConnectedAsWritten() throws Exception {
        follow("docs/tutorials/connect-oidc-and-s3.md", "");
    }

    @Test
    void publisherKeysAreHandledAsWritten() throws Exception {
        follow("docs/how-to/publisher-keys.md", LOGGED_IN);
    }

    @Test
    void aRefusedBundleIsMendedAsWritten() throws Exception {
        follow("docs/how-to/refused-bundle.md", LOGGED_IN);
    }

    @Test
    void aPackedAdapterIsTriedAsWritten() throws Exception {
        follow("docs/how-to/try-a-packed-adapter.md", LOGGED_IN);
    }

    @Test
    void anInstanceIsMendedAsWritten() throws Exception {
        follow("docs/how-to/instance-not-running.md", STORAGE_OF_ACME);
    }

    @Test
    void anIdentityProviderIsAddedAsWritten() throws Exception {
        follow("docs/how-to/add-an-identity-provider.md", STORAGE_OF_ACME);
    }

    @Test
    void aScimDirectoryIsConnectedAsWritten() throws Exception {
        follow("docs/how-to/connect-a-scim-directory.md", LOGGED_IN + "maestro tenant create acme\n");
    }

    @Test
    void aConfigurationIsChangedAsWritten() throws Exception {
        follow("docs/how-to/change-a-configuration.md", STORAGE_OF_ACME);
    }

    @Test
    void aTenantIsOffboardedAsWritten() throws Exception {
        follow("docs/how-to/offboard-a-tenant.md", STORAGE_OF_ACME);
    }

    @Test
    void storageOnGoogleCloudIsSetUpAsWritten() throws Exception {
        try (GcsProtocolServer gcs = GcsProtocolServer.start(folder.resolve("gcs"))) {
            gcs.createBucket("acme-files");
            String keyFile = """
                    maestro tenant create acme
                    mkdir -p target/peers/gcs-objects
                    cat >target/peers/gcs-objects/service-account.json <<'END OF KEY'
                    %s
                    END OF KEY
                    """.formatted(gcs.account());
            follow(
                    "docs/how-to/storage-on-google-cloud.md",
                    LOGGED_IN + keyFile,
                    Map.of("127.0.0.1:9002", gcs.endpoint().getAuthority()));
        }
    }

    @Test
    void theServerRunsOnADatabasePreparedAsWritten() throws Exception {
        Page page = Page.read(Page.repository().resolve("docs/how-to/own-postgresql.md"));
        TestDatabase owner = TestPostgres.fresh();
        try (Connection superuser = owner.connect();
                Statement statement = superuser.createStatement()) {
            // the role is the whole server's, so that another test may have needed it before
            boolean shared = exists(statement, "maestro_app");
            for (Step step : page.steps()) {
                assertThat(step).isInstanceOf(Step.Query.class);
                for (String sql : ((Step.Query) step).statements().split(";\\s*\n", -1)) {
                    if (!sql.isBlank() && !(shared && sql.startsWith("create role maestro_app"))) {
                        statement.execute(sql);
                    }
                }
            }
            Path password = Files.writeString(folder.resolve("maestro-password"), "choose-one\n");
            String url = owner.url().replace(owner.name(), "maestro");
            try (LaunchedServer server = LaunchedServer.start(
                    folder.resolve("data"),
                    "--database-url",
                    url.replaceAll("[?].*", ""),
                    "--database-password-file",
                    password.toString())) {
                assertThat(server.data().resolve("postgres")).doesNotExist();
            }
            statement.execute("drop database maestro");
            statement.execute("drop role maestro");
        } finally {
            TestPostgres.drop(owner);
        }
    }

    private static boolean exists(Statement statement, String role) throws SQLException {
        try (ResultSet found = statement.executeQuery("select from pg_roles where rolname = '" + role + "'")) {
            return found.next();
        }
    }

    private void follow(String name, String first) throws IOException, InterruptedException {
        follow(name, first, Map.of());
    }

    private void follow(String name, String first, Map<String, String> replaced)
            throws IOException, InterruptedException {
        Page page = Page.read(Page.repository().resolve(name));
        assertThat(page.steps()).isNotEmpty();
        try (LaunchedServer server = LaunchedServer.start(folder.resolve("data"));
                S3Proxy s3 = S3Proxy.start(folder.resolve("s3"));
                OidcProvider oidc = OidcProvider.start(folder.resolve("oidc"));
                ScimServer scim = ScimServer.start(folder.resolve("scim"))) {
            s3.createBucket("acme-files");
            s3.createBucket("globex-files");
            Reader reader = new Reader(folder, server, s3, oidc, scim.newDirectory());
            replaced.forEach(reader::replaces);
            Map<Integer, String> answers = reader.follow(first, page);
            if (UPDATE) {
                Answers.write(page, answers);
            } else {
                compare(page, answers);
            }
        }
    }

    private static void compare(Page page, Map<Integer, String> answers) {
        SoftAssertions softly = new SoftAssertions();
        for (Step step : page.steps()) {
            Optional<Page.Block> shown = step instanceof Step.Type type ? type.answer() : Optional.empty();
            shown.ifPresent(block -> softly.assertThat(Answers.lasting(answers.getOrDefault(step.line(), "")))
                    .as(page.file() + ":" + block.line())
                    .isEqualTo(Answers.lasting(block.text())));
        }
        softly.assertAll();
    }
}
