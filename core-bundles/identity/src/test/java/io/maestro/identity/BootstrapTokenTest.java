package io.maestro.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.identity.Access.Credentials;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens.Token;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class BootstrapTokenTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static PostgresDatabase database;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-05-05T05:05:05Z"));
    private final Node node = new Node(database, now);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path data;

    @BeforeAll
    static void open() {
        database = Node.open(POSTGRES);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection connection = POSTGRES.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("truncate identity.token, identity.security_event");
        }
    }

    @Test
    void letsThePlatformAdminInByAFileThatOnlyTheServersUserReads() throws IOException {
        start();
        Principal admin = node.access.authenticate(Credentials.ofBearer(fileText()), Node.ORIGIN);
        assertThat(admin.roles()).containsExactly(Role.PLATFORM_ADMIN);
        assertThat(admin.name()).isEqualTo("bootstrap");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(data)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void makesTheFolderWhenItIsNotThereYet() {
        data = data.resolve("not/yet");
        start();
        assertThat(file()).isRegularFile();
    }

    @Test
    void leavesTokenAndFileAloneAtTheNextStart() {
        start();
        String first = fileText();
        node.database.transactions().set(0);
        start();
        assertThat(node.database.transactions()).hasValue(1);
        assertThat(fileText()).isEqualTo(first);
        assertThat(tokens()).hasSize(1);
    }

    @Test
    void replacesATokenNobodyUsedWhenItsFileIsGone() throws IOException {
        start();
        String lost = fileText();
        Files.delete(file());
        start();
        node.access.authenticate(Credentials.ofBearer(fileText()), Node.ORIGIN);
        assertUnknown(lost);
    }

    @Test
    void replacesATokenThatACrashLeftUnknown() throws IOException {
        start();
        String lost = fileText();
        // a replacement whose file was written, and then the power failed before the commit
        Files.writeString(
                file(), Bearer.random(Bearer.Kind.TOKEN, new SecureRandom()).text() + "\n");
        start();
        node.access.authenticate(Credentials.ofBearer(fileText()), Node.ORIGIN);
        assertUnknown(lost);
    }

    @Test
    void keepsATokenThatWasUsedEvenWhenItsFileIsGone() throws IOException {
        start();
        String used = fileText();
        node.access.authenticate(Credentials.ofBearer(used), Node.ORIGIN);
        node.uses.flush();
        Files.delete(file());
        start();
        assertThat(file()).doesNotExist();
        node.access.authenticate(Credentials.ofBearer(used), Node.ORIGIN);
    }

    @Test
    void keepsTheTokenThatAnotherNodeMade() {
        start("other", data.resolve("other"));
        start();
        assertThat(file()).doesNotExist();
        assertThat(tokens()).hasSize(1);
    }

    @Test
    void makesOneTokenWhenManyNodesStartAtTheSameTime() throws Exception {
        try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> starts = IntStream.range(0, 4)
                    .mapToObj(n -> nodes.submit(() -> start("node-" + n, data.resolve("node-" + n))))
                    .toList();
            for (Future<?> start : starts) {
                start.get();
            }
        }
        assertThat(tokens()).hasSize(1);
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    @Test
    void makesNoTokenWhenTheFileCannotBeWritten() throws IOException {
        Files.createDirectories(file().resolve("in the way"));
        assertThatThrownBy(this::start).isInstanceOf(UncheckedIOException.class);
        assertThat(tokens()).isEmpty();
        try (Stream<Path> files = Files.list(data)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void opensTheDoorAgainWhenEveryPlatformAdminIsGone() {
        start();
        String first = fileText();
        node.tokens.revoke(null, tokens().getFirst().id(), null, Node.ROOT, Node.ACTOR);
        start();
        assertThat(fileText()).isNotEqualTo(first);
        now.updateAndGet(before -> before.plus(Duration.ofDays(400)));
        start();
        node.access.authenticate(Credentials.ofBearer(fileText()), Node.ORIGIN);
    }

    @Test
    void makesNoneWhenAnotherPlatformAdminIsThere() {
        node.tokens.create("ops", Set.of(Role.PLATFORM_ADMIN), null, null, Duration.ofDays(1), Node.ROOT, Node.ACTOR);
        start();
        assertThat(file()).doesNotExist();
    }

    private void start() {
        start("node", data);
    }

    private void start(String name, Path folder) {
        new BootstrapToken(node.rows, folder, name, now::get, new SecureRandom()).ensure();
    }

    private Path file() {
        return data.resolve("bootstrap-token");
    }

    private String fileText() {
        try {
            return Files.readString(file()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Token> tokens() {
        return node.tokens.tokens(null, PageRequest.first()).items();
    }

    private void assertUnknown(String bearer) {
        assertThatThrownBy(() -> node.access.authenticate(Credentials.ofBearer(bearer), Node.ORIGIN))
                .isInstanceOf(ProblemException.class);
    }
}
