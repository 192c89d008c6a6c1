package io.maestro.adapters.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.maestro.adapter.spi.Secret;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretMaskTest {
    @Test
    void hidesTheLongestFirst() {
        assertThat(new SecretMask(List.of("abcd", "abcdef")).masked("xabcdefx")).isEqualTo("x***x");
    }

    @Test
    void hidesNewSecretsAndForAWhileTheOnesBefore() {
        SecretMask mask = new SecretMask(List.of("first"));
        mask.renew(List.of("second"));
        assertThat(mask.masked("first second third")).isEqualTo("*** *** third");
        mask.renew(List.of("third"));
        assertThat(mask.masked("first second third")).isEqualTo("first *** ***");
    }

    @Test
    void hidesWhatIsInUseHoweverOftenANewOneWasOfferedInVain() {
        SecretMask mask = new SecretMask(List.of("first"));
        mask.renew(List.of("second"));
        for (int i = 0; i < 5; i++) {
            mask.alsoHide(List.of("offer" + i));
        }
        assertThat(mask.masked("first second offer0 offer4")).isEqualTo("*** *** *** ***");
        mask.renew(List.of("offer4"));
        mask.renew(List.of("third"));
        assertThat(mask.masked("first second offer4 third")).isEqualTo("first second *** ***");
    }

    @Test
    void hidesTheKeyInAKeyFileAndEachLineOfIt() {
        String file = """
                {"type": "service_account", "project_id": "my-project", "private_key_id": "0123456789abcdef",
                 "private_key": "-----BEGIN PRIVATE KEY-----\\nAAAAAAAAAAAAAAAAAAAAAAAA\\nBBBBBBBBBBBBBBBBBBBBBBBB\\n-----END PRIVATE KEY-----\\n",
                 "token_uri": "https://oauth.test/token", "nested": [{"client_secret": "swordfish-1"}]}""";
        SecretMask mask = new SecretMask(List.of(file));

        assertThat(mask.masked("read " + file)).isEqualTo("read ***");
        assertThat(mask.masked("bad key\nBBBBBBBBBBBBBBBBBBBBBBBB\nin my-project"))
                .isEqualTo("bad key\n***\nin my-project");
        assertThat(mask.masked("the key 0123456789abcdef with swordfish-1 is unknown at https://oauth.test/token"))
                .isEqualTo("the key *** with *** is unknown at https://oauth.test/token");
    }

    @Test
    void hidesEachLineOfAnArmouredKey() {
        SecretMask mask = new SecretMask(
                List.of(
                        "-----BEGIN RSA PRIVATE KEY-----\nCCCCCCCCCCCCCCCCCCCCCCCC\nDDDDDDDDDDDDDDDDDDDD==\n-----END RSA PRIVATE KEY-----"));
        assertThat(mask.masked("CCCCCCCCCCCCCCCCCCCCCCCC, DDDDDDDDDDDDDDDDDDDD=="))
                .isEqualTo("***, ***");
    }

    @Test
    void hidesWhatLooksLikeADocumentAndIsNoneAsAWhole() {
        assertThat(new SecretMask(List.of("{not json")).masked("x {not json y")).isEqualTo("x *** y");
    }

    @Test
    void noMapperWritesASecret() throws Exception {
        Map<String, Secret> holder = Map.of("password", new Secret("very-secret"));
        assertThatThrownBy(() -> new ObjectMapper().writeValueAsString(holder))
                .isInstanceOf(JsonMappingException.class)
                .hasMessageNotContaining("very-secret");
        ObjectMapper curious = new ObjectMapper()
                .setVisibility(PropertyAccessor.ALL, Visibility.ANY)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
        assertThat(curious.writeValueAsString(holder)).isEqualTo("{\"password\":{}}");
    }
}
