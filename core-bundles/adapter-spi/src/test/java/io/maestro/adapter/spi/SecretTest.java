package io.maestro.adapter.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SecretTest {
    private static final Secret SECRET = new Secret("very-secret");

    record Login(String user, Secret password) {}

    @Test
    void isPrintedByNobody() {
        assertThat(SECRET.reveal()).isEqualTo("very-secret");
        assertThat(SECRET.toString()).isEqualTo("***");
        assertThat("the password " + SECRET).isEqualTo("the password ***");
        assertThat(String.format(Locale.ROOT, "%s %S", SECRET, SECRET)).isEqualTo("*** ***");
        assertThat(new Login("u", SECRET)).hasToString("Login[user=u, password=***]");
    }

    @Test
    void endsInNoException() {
        Exception thrown = new IllegalStateException("cannot log in with " + SECRET, new Exception(SECRET.toString()));
        assertThat(thrown).hasMessage("cannot log in with ***").hasRootCauseMessage("***");
    }

    @Test
    void isNotComparedByContent() {
        assertThat(SECRET).isNotEqualTo(new Secret("very-secret")).isEqualTo(SECRET);
        assertThat(Arrays.stream(Secret.class.getDeclaredMethods()).map(method -> method.getName()))
                .doesNotContain("equals", "hashCode", "compareTo");
    }

    @Test
    void isNotSerialised() {
        assertThatThrownBy(() -> {
                    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
                        out.writeObject(SECRET);
                    }
                })
                .isInstanceOf(NotSerializableException.class);
    }
}
