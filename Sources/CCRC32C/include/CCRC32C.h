// CRC-32C (polynomial 0x1EDC6F41, reflected) by the processor's own instruction.
#ifndef POAI_CCRC32C_H
#define POAI_CCRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has the instruction; false on other architectures than x86-64.
bool poai_crc32c_is_available(void);

/// The state after `count` more bytes, without the inversions at the beginning and end. Only where it is available.
uint32_t poai_crc32c(uint32_t state, const void *_Nullable bytes, size_t count);

#endif
