package io.maestro.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandLineTest {
    private static final Path FOLDER = Path.of("/somewhere");

    private static CommandLine parse(String... arguments) throws LaunchFailure {
        return CommandLine.parse(List.of(arguments), FOLDER);
    }

    @Test
    void needsNoOption() throws LaunchFailure {
        assertThat(parse())
                .isEqualTo(new CommandLine.Start(
                        new Options("127.0.0.1", 8080, FOLDER.resolve("data"), null, "internal-edition", true)));
    }

    @Test
    void readsEveryOptionInBothForms() throws LaunchFailure {
        CommandLine expected = new CommandLine.Start(new Options(
                "0.0.0.0",
                9090,
                Path.of("/data"),
                new Options.ExternalDatabase(
                        URI.create("jdbc:postgresql://db:5432/maestro"), "owner", FOLDER.resolve("secret")),
                "hosted-saas",
                false));
        String together = "--host 0.0.0.0 --port 9090 --data /data --database-url jdbc:postgresql://db:5432/maestro"
                + " --database-user owner --database-password-file secret --profile hosted-saas --no-demo";

        assertThat(parse(together.split(" "))).isEqualTo(expected);
        assertThat(parse(together.replaceAll(" (?!--)", "=").split(" "))).isEqualTo(expected);
    }

    @Test
    void helpAndVersionWinOverTheRest() throws LaunchFailure {
        assertThat(parse("--port", "1", "--help")).isEqualTo(new CommandLine.Help());
        assertThat(parse("--version")).isEqualTo(new CommandLine.Version());
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(CommandLine.help())
                .contains("--port", "--host", "--data ", "--database-url", "--database-user")
                .contains("--database-password-file", "--profile", "--no-demo", "--version", "--help");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --colour                                          | unknown option --colour
                    --port                                            | --port needs a value
                    --port=                                           | --port needs a value
                    --port=65536                                      | --port must be a number from 0 to 65535, not 65536
                    --port=http                                       | --port must be a number from 0 to 65535, not http
                    --profile=mine                                    | --profile must be one of
                    --database-user=me                                | need --database-url
                    --database-url=mysql://db                         | --database-url must look like
                    --database-url=jdbc:postgresql://me:secret@db/x   | must not hold credentials
                    --database-url=jdbc:postgresql://db/x?password=pw | must not hold credentials
                    """)
    void refusesWithTheReason(String argument, String reason) {
        assertThatThrownBy(() -> parse(argument))
                .isInstanceOfSatisfying(
                        LaunchFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(LaunchFailure.USAGE))
                .hasMessageContaining(reason)
                .hasMessageEndingWith("--help lists the options");
    }

    @Test
    void refusesAnOptionGivenTwice() {
        assertThatThrownBy(() -> parse("--port=1", "--port=2")).hasMessageContaining("--port is given twice");
    }
}
