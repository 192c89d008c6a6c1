package io.maestro.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.node.NodeSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {
    private static final Path FOLDER = Path.of("/somewhere");

    private static CommandLine parse(String... arguments) throws LaunchFailure {
        return CommandLine.parse(List.of(arguments), FOLDER);
    }

    @Test
    void needsNoOption() throws LaunchFailure {
        assertThat(parse())
                .isEqualTo(new CommandLine.Start(new Options(
                        "127.0.0.1",
                        8080,
                        null,
                        FOLDER.resolve("data"),
                        null,
                        "internal-edition",
                        true,
                        null,
                        null,
                        null,
                        null)));
    }

    @Test
    void readsEveryOptionInBothForms() throws LaunchFailure {
        CommandLine expected = new CommandLine.Start(new Options(
                "0.0.0.0",
                9090,
                URI.create("https://maestro.example"),
                Path.of("/data"),
                new Options.ExternalDatabase(
                        URI.create("jdbc:postgresql://db:5432/maestro"), "owner", FOLDER.resolve("secret")),
                "hosted-saas",
                false,
                new Options.MasterKey(
                        Options.Holder.PKCS11, FOLDER.resolve("hsm.cfg"), "master", FOLDER.resolve("pin")),
                new Options.MasterKey(Options.Holder.FILE, Path.of("/keys/old"), "", null),
                new NodeSettings.Signer("127.0.0.1", 8090, FOLDER.resolve("token")),
                URI.create("https://opa.example")));
        String together =
                "--host 0.0.0.0 --port 9090 --public-url https://maestro.example --data /data --database-url jdbc:postgresql://db:5432/maestro"
                        + " --database-user owner --database-password-file secret --profile hosted-saas --no-demo"
                        + " --master-key pkcs11:hsm.cfg#master --master-key-password-file pin"
                        + " --former-master-key=file:/keys/old --signer 127.0.0.1:8090 --signer-token-file token"
                        + " --policy-engine opa --opa-url https://opa.example";

        assertThat(parse(together.split(" "))).isEqualTo(expected);
        assertThat(parse(together.replaceAll(" (?!--)", "=").split(" "))).isEqualTo(expected);
    }

    @Test
    void refusesASignerOnAnotherMachine() {
        for (String address : new String[] {"192.0.2.1:8090", "signer:8090", "8090", "127.0.0.1", "127.0.0.1:x"}) {
            assertThatThrownBy(() -> parse("--signer", address, "--signer-token-file", "token"))
                    .as(address)
                    .isInstanceOf(LaunchFailure.class);
        }
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
                .contains(
                        "--database-password-file",
                        "--profile",
                        "--signer ",
                        "--signer-token-file",
                        "--no-demo",
                        "--version",
                        "--help")
                .contains("--master-key ", "--master-key-password-file")
                .contains("--former-master-key ", "--former-master-key-password-file");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --colour                                          | unknown option --colour
                    --port                                            | --port needs a value
                    --master-key=keys/master                          | --master-key must look like
                    --master-key=vault:x#y                            | --master-key must look like
                    --master-key=pkcs12:keys.p12                      | --master-key must look like
                    --master-key=file:key#alias                       | --master-key must look like
                    --former-master-key=file:                         | --former-master-key must look like
                    --master-key-password-file=x                      | --master-key-password-file needs --master-key
                    --port=                                           | --port needs a value
                    --port=65536                                      | --port must be a number from 0 to 65535, not 65536
                    --port=http                                       | --port must be a number from 0 to 65535, not http
                    --public-url=maestro.example                      | --public-url must look like
                    --public-url=ftp://maestro.example                | --public-url must look like
                    --public-url=https://me:x@maestro.example         | --public-url must look like
                    --public-url=https://maestro.example/path         | --public-url must look like
                    --profile=mine                                    | --profile must be one of
                    --signer=127.0.0.1:8090                           | --signer and --signer-token-file need each other
                    --policy-engine=drools                            | --policy-engine must be own or opa, not drools
                    --policy-engine=opa                               | --policy-engine=opa and --opa-url need each other
                    --opa-url=https://opa.example                     | --policy-engine=opa and --opa-url need each other
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://opa.example:8181",
                "http://10.0.0.1:8181",
                "ftp://127.0.0.1",
                "https://me:x@opa.example",
                "https://opa.example?a=b",
                "127.0.0.1:8181",
                "https://"
            })
    void sendsPoliciesNowhereThatCouldBeListenedTo(String url) {
        assertThatThrownBy(() -> parse("--policy-engine=opa", "--opa-url=" + url))
                .hasMessageContaining("--opa-url must look like");
    }

    @Test
    void refusesAnOptionGivenTwice() {
        assertThatThrownBy(() -> parse("--port=1", "--port=2")).hasMessageContaining("--port is given twice");
    }
}
