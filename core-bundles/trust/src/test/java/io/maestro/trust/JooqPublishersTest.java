package io.maestro.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.trust.Publishers.Publisher;
import io.maestro.api.trust.Publishers.PublisherKey;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.PublisherName;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.artifacts.TestPublisher.KeyKind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JooqPublishersTest {
    private static final Actor ACTOR = Actor.system("test");

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static PostgresDatabase database;

    @TempDir
    private Path folder;

    private final Instant now = Instant.now();
    private final JooqPublishers publishers = new JooqPublishers(database, () -> now);

    @BeforeAll
    static void open() {
        database = PostgresDatabase.open(
                new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()));
        database.migrate(JooqPublishers.MIGRATIONS);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void trustsAKeyUntilItIsRevoked() {
        TestPublisher maker = TestPublisher.create("cycle");
        PublisherName name = new PublisherName("cycle");
        Digest fingerprint = new Digest(maker.fingerprint());

        PublisherKey trusted = publishers.trust(name, maker.pem(), ACTOR);

        assertThat(trusted.fingerprint()).isEqualTo(fingerprint);
        assertThat(trusted.subject()).contains("CN=cycle");
        assertThat(trusted.notAfter())
                .isEqualTo(maker.certificate().getNotAfter().toInstant());
        assertThat(trusted.revokedAt()).isNull();
        assertThat(publishers.key(fingerprint)).isEqualTo(trusted);

        PublisherKey revoked = publishers.revoke(name, fingerprint, " laptop stolen ", ACTOR);

        assertThat(revoked.revokedAt()).isEqualTo(now.truncatedTo(ChronoUnit.MICROS));
        assertThat(revoked.revokedReason()).isEqualTo("laptop stolen");
        assertThat(publishers.key(fingerprint)).isEqualTo(revoked);
        assertThat(new JooqPublishers(database, () -> now.plusSeconds(9)).revoke(name, fingerprint, "again", ACTOR))
                .isEqualTo(revoked);
    }

    @Test
    void knowsNoStrangers() {
        assertThat(publishers.key(Digest.of(new byte[32]))).isNull();
        assertCode(
                "key-unknown",
                () -> publishers.revoke(new PublisherName("nobody"), Digest.of(new byte[32]), "x", ACTOR));
    }

    @Test
    void givesAKeyToOnePublisherOnlyAndForEver() {
        TestPublisher maker = TestPublisher.create("first");
        PublisherName first = new PublisherName("first");
        PublisherName thief = new PublisherName("thief");
        Digest fingerprint = new Digest(maker.fingerprint());
        publishers.trust(first, maker.pem(), ACTOR);

        assertCode("key-exists", () -> publishers.trust(thief, maker.pem(), ACTOR));
        assertCode("key-unknown", () -> publishers.revoke(thief, fingerprint, "mine", ACTOR));
        publishers.revoke(first, fingerprint, "lost", ACTOR);
        assertCode("key-exists", () -> publishers.trust(first, maker.pem(), ACTOR));
        assertThat(publishers.publishers(new PageRequest(500, null)).items())
                .extracting(Publisher::name)
                .doesNotContain(thief);
    }

    @Test
    void listsPublishersByNameInPages() {
        for (String name : new String[] {"page-c", "page-a", "page-b"}) {
            publishers.trust(new PublisherName(name), TestPublisher.create(name).pem(), ACTOR);
        }
        publishers.trust(
                new PublisherName("page-a"), TestPublisher.create("page-a").pem(), ACTOR);
        String cursor = null;
        java.util.List<String> names = new java.util.ArrayList<>();
        do {
            Page<Publisher> page = publishers.publishers(new PageRequest(1, cursor));
            page.items()
                    .forEach(publisher ->
                            names.add(publisher.name() + " " + publisher.keys().size()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(names).isSorted().containsSubsequence("page-a 2", "page-b 1", "page-c 1");
        assertCode("invalid-cursor", () -> publishers.publishers(new PageRequest(1, "nonsense")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"})
    void refusesWhatIsNoCertificate(String pem) {
        assertCode("certificate-invalid", () -> publishers.trust(new PublisherName("bad"), pem, ACTOR));
    }

    @Test
    void refusesTwoCertificatesAtOnce() {
        String two = TestPublisher.create("a").pem() + TestPublisher.create("b").pem();
        assertCode("certificate-invalid", () -> publishers.trust(new PublisherName("bad"), two, ACTOR));
        String more = TestPublisher.create("c").pem() + "\0more";
        assertCode("certificate-invalid", () -> publishers.trust(new PublisherName("more"), more, ACTOR));
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void takesStrongKeysOnly(KeyKind kind) {
        String pem =
                TestPublisher.create("kind", kind, now, now.plusSeconds(3600)).pem();
        PublisherName name = new PublisherName("kind");
        if (kind == KeyKind.WEAK_RSA) {
            assertCode("certificate-invalid", () -> publishers.trust(name, pem, ACTOR));
        } else {
            assertThat(publishers.trust(name, pem, ACTOR).publisher()).isEqualTo(name);
        }
    }

    @Test
    void refusesACertificateThatHasEnded() {
        String pem = TestPublisher.create("old", KeyKind.EC, now.minusSeconds(9), now.minusSeconds(5))
                .pem();
        assertCode("certificate-invalid", () -> publishers.trust(new PublisherName("old"), pem, ACTOR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "stol\0en"})
    void wantsAReason(String reason) {
        assertCode(
                "invalid-request",
                () -> publishers.revoke(new PublisherName("nobody"), Digest.of(new byte[32]), reason, ACTOR));
    }

    @Test
    void theComponentSweepsAndTrusts() throws IOException {
        Path left = Files.createDirectories(folder.resolve("incoming")).resolve("artifact-7.part");
        Files.createFile(left);
        TrustComponent component = new TrustComponent(
                new NodeSettings(
                        "node",
                        folder,
                        "internal-edition",
                        new NodeSettings.Http("127.0.0.1", 0),
                        new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password())),
                database);
        Bench bench = new Bench(folder);
        component.trust(new PublisherName("component"), bench.trusted.pem(), ACTOR);

        assertThat(left).doesNotExist();
        assertThat(component.inspect(new java.io.ByteArrayInputStream(bench.forge.good("demo", "1.0.0"))))
                .isInstanceOf(io.maestro.api.trust.Inspection.Passed.class);
        assertThat(component
                        .revoke(new PublisherName("component"), new Digest(bench.trusted.fingerprint()), "test", ACTOR)
                        .revokedAt())
                .isNotNull();
        assertThat(component.inspect(new java.io.ByteArrayInputStream(bench.forge.good("demo", "1.0.0"))))
                .isInstanceOf(io.maestro.api.trust.Inspection.Refused.class);
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
