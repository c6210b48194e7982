package charset;

import java.nio.charset.Charset;
import java.nio.charset.spi.CharsetProvider;
import java.util.Collections;
import java.util.Iterator;

/** Offers MacRoman to Java runtimes that come without the module jdk.charsets. */
public final class MacRomanProvider extends CharsetProvider {

    private final Charset charset = new MacRoman();

    @Override
    public Iterator<Charset> charsets() {
        return Collections.singleton(charset).iterator();
    }

    @Override
    public Charset charsetForName(String name) {
        return name.equalsIgnoreCase(MacRoman.NAME) || name.equalsIgnoreCase(MacRoman.ALIAS) ? charset : null;
    }
}
