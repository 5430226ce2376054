# pragma version 0.4.3
# SPDX-License-Identifier: Apache-2.0
"""Notes things down as events, keeps words, and refuses with a reason, also from within a call of itself."""

event Noted:
    who: indexed(address)
    kind: indexed(uint256)
    text: String[64]


interface Self:
    def refuse(amount: uint256): nonpayable


last: public(uint256)
words: public(HashMap[uint256, uint256])


@external
def note(kind: uint256, text: String[64]):
    log Noted(who=msg.sender, kind=kind, text=text)


@external
def put(key: uint256, word: uint256):
    self.last = key
    self.words[key] = word


@external
def refuse(amount: uint256):
    assert amount < 10, "the amount is 10 or more"
    self.last = amount


@external
def refuse_within(amount: uint256):
    extcall Self(self).refuse(amount)
