package io.maestro.adapters.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
    private final Destinations internal = new Destinations(false, () -> Set.of(8080, 5432));
    private final Destinations hosted = new Destinations(true, () -> Set.of(8080, 5432));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "[fe80::1]",
                "[::ffff:169.254.169.254]",
                "[64:ff9b::a9fe:a9fe]",
                "[::169.254.169.254]",
                "0.0.0.0",
                "[::]",
                "224.0.0.1",
                "2852039166"
            })
    void letsNobodyReachLinkLocalAndSpecialAddresses(String host) {
        assertThat(internal.refusal(host, 80)).contains("special address");
        assertThat(hosted.refusal(host, 80)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,8080",
        "localhost,8080",
        "127.9.9.9,5432",
        "[::1],8080",
        "[::ffff:127.0.0.1],5432",
        "2130706433,8080"
    })
    void letsNobodyReachTheNodesOwnPorts(String host, int port) {
        assertThat(internal.refusal(host, port)).contains("a port of this node");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]", "10.0.0.7", "172.16.3.4", "192.168.1.1", "100.64.0.1", "[fd00::1]"})
    void keepsStrangersOutOfPrivateNetworks(String host) {
        assertThat(hosted.refusal(host, 9000)).contains("private network");
        assertThat(internal.refusal(host, 9000)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"93.184.216.34", "[2606:2800:220:1::1]", "100.128.0.1", "name.invalid"})
    void leavesTheRestToThePermissions(String host) {
        assertThat(internal.refusal(host, 443)).isNull();
        assertThat(hosted.refusal(host, 443)).isNull();
        assertThat(hosted.refusal(host, 8080)).isNull();
    }
}
