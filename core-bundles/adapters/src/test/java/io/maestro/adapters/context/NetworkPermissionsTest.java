package io.maestro.adapters.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPermissionsTest {
    private final NetworkPermissions permissions = NetworkPermissions.of(
            List.of(
                    "api.example.com",
                    "other.example.com:8443",
                    "*.amazonaws.com",
                    "${endpoint}",
                    "${absent}",
                    "${text}"),
            Map.of("endpoint", "HTTP://Localhost:9000/path", "text", "no url")::get);

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com/x,true",
        "https://API.EXAMPLE.COM./x,true",
        "https://api.example.com:443/x,true",
        "http://api.example.com/x,true",
        "https://api.example.com:8443/x,false",
        "https://other.example.com:8443,true",
        "https://other.example.com,false",
        "https://s3.amazonaws.com,true",
        "https://a.b.amazonaws.com,true",
        "https://amazonaws.com,false",
        "https://evilamazonaws.com,false",
        "https://amazonaws.com.evil.org,false",
        "http://localhost:9000/bucket,true",
        "http://localhost/bucket,false",
        "http://api.example.com@evil.org/,false",
        "ftp://api.example.com/,false",
        "https:///path,false",
    })
    void allowsExactlyThePermittedHosts(URI uri, boolean allowed) {
        assertThat(permissions.allow(uri)).isEqualTo(allowed);
    }
}
