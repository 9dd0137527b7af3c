package io.atelier.generator.engine.openai.dialect;

import io.atelier.generator.engine.EditMask;

/** In which form a server takes the part of an image that changes. */
public enum MaskForm {
    /** It takes none. */
    NONE {
        @Override
        public byte[] write(EditMask mask) {
            throw new UnsupportedOperationException("This server takes no mask");
        }
    },
    /** A PNG that is transparent where the image changes. */
    TRANSPARENT {
        @Override
        public byte[] write(EditMask mask) {
            return mask.transparentPng();
        }
    },
    /** A grey PNG that is white where the image changes. */
    WHITE {
        @Override
        public byte[] write(EditMask mask) {
            return mask.whitePng();
        }
    };

    /** The PNG file of a mask in this form. */
    public abstract byte[] write(EditMask mask);
}
