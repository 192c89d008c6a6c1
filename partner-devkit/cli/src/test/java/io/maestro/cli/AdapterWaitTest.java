package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.cli.Shell.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterWaitTest {
    private static final String DEFINITION = "GET /api/adapters/storage-s3/1.0.0";

    @TempDir
    private Path home;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void knowsNoRefusals() {
        server.on("GET /api/quarantine?limit=100", 200, "{\"items\":[],\"next\":null}");
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void showsTheDefinitionThatIsThere() {
        server.on(DEFINITION, 200, "{\"id\":\"storage-s3@1.0.0\",\"publisher\":\"partner\"}");

        Run run = await();

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("storage-s3@1.0.0", "partner");
    }

    @Test
    void tellsWhyTheDefinitionWasRefused() {
        server.refusing(DEFINITION, 404, "definition-unknown");
        server.on("GET /api/quarantine?limit=100", 200, """
                {"items":[{"name":"storage-s3","version":"0.9.0","problem":{"code":"manifest-invalid"}},
                          {"name":"storage-s3","version":"1.0.0","problem":{"code":"signature-missing"}}],"next":null}""");

        Run run = await();

        assertThat(run.exit()).isEqualTo(Exit.ARTIFACT);
        assertThat(run.err()).contains("signature-missing").doesNotContain("manifest-invalid");
    }

    @Test
    void saysThatNothingCame() {
        server.refusing(DEFINITION, 404, "definition-unknown");

        Run run = await();

        assertThat(run.exit()).isEqualTo(Exit.REFUSED);
        assertThat(run.err()).contains("definition-unknown");
    }

    @Test
    void doesNotWaitForARightThatIsMissing() {
        server.refusing(DEFINITION, 403, "forbidden");

        assertThat(new Shell(home)
                        .at(server)
                        .run("adapter", "wait", "--seconds", "1000", "storage-s3@1.0.0")
                        .exit())
                .isEqualTo(Exit.DENIED);
    }

    private Run await() {
        return new Shell(home).at(server).run("adapter", "wait", "--seconds", "0", "storage-s3@1.0.0");
    }
}
