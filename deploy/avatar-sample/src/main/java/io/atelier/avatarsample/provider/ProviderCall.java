package io.atelier.avatarsample.provider;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A call that the scripted provider has received. Times are those of {@link System#nanoTime()} in the provider's JVM. Thread-safe. */
public final class ProviderCall {

    private final ProviderEndpoint endpoint;
    private final String path;
    private final byte[] body;
    private final ProviderForm form;
    private final String text;
    private final @Nullable ProviderCall maker;
    private final long start = System.nanoTime();
    private volatile @Nullable Long end;

    /**
     * @param text the prompt, or the data of the person
     * @param maker the call that made the first image of an edit; null if none is known
     */
    ProviderCall(
            ProviderEndpoint endpoint,
            String path,
            byte[] body,
            ProviderForm form,
            String text,
            @Nullable ProviderCall maker) {
        this.endpoint = endpoint;
        this.path = path;
        this.body = body.clone();
        this.form = form;
        this.text = text;
        this.maker = maker;
    }

    public ProviderEndpoint endpoint() {
        return endpoint;
    }

    public String path() {
        return path;
    }

    public byte[] body() {
        return body.clone();
    }

    /** The members of a JSON body, or the texts of a form, in the order in which they were sent. */
    public Map<String, String> fields() {
        return form.fields();
    }

    /** The files of a form, in order. */
    public List<FormFile> files() {
        return form.files();
    }

    /** The names of all members or parts, in order. */
    public List<String> names() {
        return form.names();
    }

    /** The prompt of an image, or the data of the person as a JSON text; empty if the call has neither. */
    public String text() {
        return text;
    }

    /** Whether the call is about the persona whose texts contain the marker: it says so itself, or edits an image of such a call. */
    public boolean mentions(String marker) {
        return text.contains(marker) || (maker != null && maker.mentions(marker));
    }

    /** When the call was received. */
    public long startNanos() {
        return start;
    }

    /** When its answer was sent; empty while it is not. */
    public OptionalLong endNanos() {
        var nanos = end;
        return nanos == null ? OptionalLong.empty() : OptionalLong.of(nanos);
    }

    /** Whether the call was received after the answer of the other one was sent. */
    public boolean startedAfter(ProviderCall other) {
        var otherEnd = other.endNanos();
        return otherEnd.isPresent() && start - otherEnd.getAsLong() >= 0;
    }

    /** Whether both calls were under way at the same time. */
    public boolean overlaps(ProviderCall other) {
        return !startedAfter(other) && !other.startedAfter(this);
    }

    void answered() {
        end = System.nanoTime();
    }
}
