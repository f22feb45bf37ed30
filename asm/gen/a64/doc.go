// Package a64 is an arm64 back end for avo. It uses what avo has for any architecture: the
// intermediate form, the build context, the printers, the passes for control flow, liveness
// and unused labels, and the colouring of the interference graph. It supplies what avo has
// for x86 only: registers, operands, instructions, and the passes that give each virtual
// register a physical one.
//
// Terms are avo's. A kernel is built with the methods of Context, from virtual registers of
// two kinds, general (GP) and vector (Vec), and compiled by Compile. There is no spilling: a
// kernel that needs more registers than there are does not compile.
//
// Three ways in which arm64 differs from what avo's passes assume are dealt with here:
//
//   - avo wants the label of a branch as its first operand, the assembler as its last. The
//     last pass moves it.
//   - The status register of a store-exclusive must differ from its other registers, even
//     from those that are dead after it.
//   - A move of a register to itself is not always idle: MOVW R1, R1 extends the sign. So
//     avo's pass that removes such moves does not run.
package a64
