package io.maestro.provenance.format;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of an export, read one at a time; a hostile one is refused before it fills the memory. */
final class ExportLines {
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(4096);

    ExportLines(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** The next line without its end; null at the end of the file. */
    @Nullable
    String next(int longest) throws IOException, UnfitJson {
        line.reset();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next != '\n') {
            if (next < 0) {
                throw new UnfitJson("the file ends in the middle of a line");
            }
            if (line.size() == longest) {
                throw new UnfitJson("a line is longer than " + longest + " bytes");
            }
            line.write(next);
            next = in.read();
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnfitJson("a line is not in UTF-8");
        }
    }
}
