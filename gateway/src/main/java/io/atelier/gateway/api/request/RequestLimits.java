package io.atelier.gateway.api.request;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.GenerationRequest;

/**
 * The limits of request fields and headers, each in one place: the readers check them, and the OpenAPI annotations show them. All are
 * compile-time constants, because annotations allow nothing else. A model may have narrower limits.
 */
public final class RequestLimits {

    /** Lengths, in Unicode code points. */
    public static final int MAX_PROMPT_LENGTH = 32_000;

    public static final int MAX_CLIENT_REF_LENGTH = 128;
    public static final int MAX_LABEL_LENGTH = 256;
    public static final int MAX_IMAGE_URL_LENGTH = 2_048;
    public static final int MAX_DATA_URL_LENGTH = 256 * 1024;
    public static final int MAX_CANCEL_REASON_LENGTH = 256;
    public static final int MAX_PERSONA_WORD_LENGTH = 200;
    public static final int MAX_BIO_LENGTH = 10_000;

    /** Regular expressions for the whole value. */
    public static final String MODEL_NAME = "[A-Za-z0-9._:/-]{1,128}";

    public static final String LABEL_KEY = "[a-z0-9._-]{1,64}";
    public static final String SIZE = "([1-9][0-9]{0,4})x([1-9][0-9]{0,4})";
    public static final String ASPECT_RATIO = "([1-9][0-9]{0,3}):([1-9][0-9]{0,3})";
    public static final String GRID_LAYOUT = "([1-8])x([1-8])";
    public static final String PERSONA_ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    public static final String COLOUR = "#[0-9A-Fa-f]{6}";

    public static final int MAX_LABELS = 16;
    public static final int MAX_FALLBACKS = 4;

    /** How many prompts a batch may have. */
    public static final int MAX_BATCH_PROMPTS = 100;

    /** How many personas a batch may have. */
    public static final int MAX_BATCH_PERSONAS = 300;

    /** How many avatars of a batch may be made at the same time. */
    public static final int MAX_BATCH_CONCURRENCY = 50;

    /** How many images a request may ask for. */
    public static final int MAX_N = 16;

    /** How many images a request may change. */
    public static final int MAX_SOURCES = GenerationRequest.MAX_IMAGES;

    public static final int MAX_SOURCE_INDEX = 9_999;

    /** Sides of an image, in pixels. */
    public static final int MIN_SIDE = 64;

    public static final int MAX_SIDE = 4_096;
    public static final int SIDE_MULTIPLE = 8;

    /** All images of a request together, in pixels: what a worker can hold. */
    public static final long MAX_TOTAL_PIXELS = 4L * MAX_SIDE * MAX_SIDE;

    /** The greatest ratio of the longer to the shorter side. */
    public static final int MAX_ASPECT_RATIO = 3;

    /** Of a word such as a quality, in characters. */
    public static final int MAX_OPTION_LENGTH = 16;

    public static final int MAX_STEPS = 150;
    public static final int MAX_GUIDANCE_SCALE = 30;

    /** 2^53 - 1: whole numbers up to here are exact in JavaScript and in every JSON library. */
    public static final long MAX_SEED = (1L << 53) - 1;

    /** Each grid of an avatar has a seed after that of the base image, which must be exact too. */
    public static final long MAX_AVATAR_SEED = MAX_SEED - AvatarSpec.MAX_IMAGES / AvatarSpec.IMAGES_PER_GRID;

    /** Of a person, in years. */
    public static final int MAX_AGE = 150;

    /** The shorter side of a tile, in pixels. */
    public static final int MIN_TILE_PX = 1;

    public static final int MAX_TILE_PX = 2_048;
    public static final int DEFAULT_TILE_PX = 64;
    public static final int MAX_COMPRESSION = 100;
    public static final int DEFAULT_COMPRESSION = 90;
    public static final int MAX_TRIM_INSET_PX = 256;
    public static final int MAX_TRIM_TOLERANCE = 64;
    public static final int DEFAULT_TRIM_TOLERANCE = 12;

    public static final int MAX_DEADLINE_DAYS = 7;
    public static final int MAX_DEADLINE_SECONDS = MAX_DEADLINE_DAYS * 24 * 60 * 60;

    /** About 100 years. */
    public static final int MAX_RETAIN_DAYS = 36_500;

    /** The longest {@code Prefer: wait}, in seconds; a longer one is shortened to it. */
    public static final int MAX_WAIT_SECONDS = 60;

    /** Durations of ISO 8601. */
    public static final String DEFAULT_CANCEL_GRACE = "PT5S";

    public static final String MAX_CANCEL_GRACE = "PT5M";

    public static final int MAX_PAGE_SIZE = 100;
    public static final int DEFAULT_PAGE_SIZE = 20;

    private RequestLimits() {}
}
