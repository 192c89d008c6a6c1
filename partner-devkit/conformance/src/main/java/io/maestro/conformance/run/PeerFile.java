package io.maestro.conformance.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The YAML file that describes an outside system; see {@code docs/reference/adapter-test.md}. */
final class PeerFile {
    private static final int LARGEST = 1 << 16;

    private PeerFile() {}

    /**
     * Reads it.
     *
     * @throws RunProblem when the file is not as it has to be, with where
     */
    static <T> T read(Path file, Class<T> type) throws IOException {
        try (InputStream yaml = Files.newInputStream(file)) {
            byte[] text = yaml.readNBytes(LARGEST + 1);
            if (text.length > LARGEST) {
                throw new RunProblem("the description of the peer is larger than " + LARGEST + " bytes");
            }
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(new String(text, UTF_8));
            return JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .convertValue(document == null ? Map.of() : document, type);
        } catch (YAMLException | IllegalArgumentException e) {
            throw new RunProblem("the description of the peer is not as it has to be: " + e.getMessage());
        }
    }

    /** The same with every text in it changed, however deep. */
    static Map<String, Object> changed(Map<String, Object> values, UnaryOperator<String> change) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.replaceAll((name, value) -> changed(value, change));
        return changed;
    }

    private static Object changed(Object value, UnaryOperator<String> change) {
        return switch (value) {
            case String text -> change.apply(text);
            case List<?> list ->
                list.stream().map(item -> changed(item, change)).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> all = new LinkedHashMap<>(map);
                all.replaceAll((name, item) -> changed(item, change));
                yield all;
            }
            default -> value;
        };
    }
}
