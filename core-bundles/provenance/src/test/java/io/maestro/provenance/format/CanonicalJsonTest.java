package io.maestro.provenance.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.DoubleNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 8785, and what it does not accept. */
final class CanonicalJsonTest {
    @Test
    void writesTheExampleOfTheStandard() throws UnfitJson {
        String example = """
                {
                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                  "literals": [null, true, false]
                }""";
        String canonical = "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e"
                + "756d62657273223a5b3333333333333333332e333333333333332c31652b3330"
                + "2c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac24"
                + "5c75303030665c6e4127425c225c5c5c5c5c222f227d";
        assertThat(HexFormat.of().formatHex(CanonicalJson.bytes(CanonicalJson.parse(example))))
                .isEqualTo(canonical);
    }

    @Test
    void sortsMembersByTheirUtf16Units() throws UnfitJson {
        String example = """
                {"\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet With Dagesh",
                 "1": "One", "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control",
                 "\\u00f6": "Latin Small Letter O With Diaeresis"}""";
        assertThat(CanonicalJson.of(CanonicalJson.parse(example)))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                        + "\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    /** Appendix B of the standard. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555554, 333333333.33333325",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555556, 333333333.3333334",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2"
    })
    void writesNumbersAsEcmaScriptDoes(String bits, String text) throws UnfitJson {
        double number = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
        assertThat(CanonicalJson.of(DoubleNode.valueOf(number))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesWhatIsNoNumber(double number) {
        assertThatThrownBy(() -> CanonicalJson.of(DoubleNode.valueOf(number))).isInstanceOf(UnfitJson.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{\"a\":1}x",
                "{\"a\":1}{}",
                "",
                "{'a':1}",
                "[1e400]",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "[01]",
                "NaN"
            })
    void refusesWhatIsNoStrictJson(String text) {
        assertThatThrownBy(() -> CanonicalJson.of(CanonicalJson.parse(text))).isInstanceOf(UnfitJson.class);
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() {
        assertThatThrownBy(() -> CanonicalJson.parse("[".repeat(100_000))).isInstanceOf(UnfitJson.class);
        assertThatThrownBy(() -> CanonicalJson.parse("1".repeat(101))).isInstanceOf(UnfitJson.class);
    }

    @Test
    void keepsItsFormWhenReadAgain() throws UnfitJson {
        String text = CanonicalJson.of(CanonicalJson.parse("{\"b\":[1.50,{\"z\":null,\"a\":\"\\u0007\"}],\"a\":-0}"));
        assertThat(text).isEqualTo("{\"a\":0,\"b\":[1.5,{\"a\":\"\\u0007\",\"z\":null}]}");
        assertThat(CanonicalJson.of(CanonicalJson.parse(text))).isEqualTo(text);
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSize(text.length());
    }

    @Test
    void tellsNumbersThatADoubleDoesNotHold() throws UnfitJson {
        assertThat(CanonicalJson.keepsNumbers(CanonicalJson.parse("[0.1,1,1.5e-7,{\"a\":1e21}]")))
                .isTrue();
        assertThat(CanonicalJson.keepsNumbers(CanonicalJson.parse("[12345678901234567890]")))
                .isFalse();
        assertThat(CanonicalJson.keepsNumbers(CanonicalJson.parse("{\"a\":[1e999999999]}")))
                .isFalse();
    }
}
