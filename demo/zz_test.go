package demo_test

import (
	"fmt"
	"sort"
	"testing"
	"time"

	"rally/demo"
	"rally/modules/shop"
)

func TestZZ(t *testing.T) {
	f, w := build(t, demo.Options{Seed: 2026})
	fmt.Printf("%+v wishes %d\n", w, len(f.market.Wishes))
	tr := map[int64][]shop.ImportedTrade{}
	byInfo := map[int64]int{}
	for _, x := range f.market.Trades { tr[x.Order.ProductID] = append(tr[x.Order.ProductID], x); byInfo[x.Order.InfoID]++ }
	bids := map[int64]map[shop.Side]int{}
	lv := map[int64]map[shop.Side]map[int64]int{}
	for _, b := range f.market.Bids { if bids[b.ProductID]==nil { bids[b.ProductID]=map[shop.Side]int{}; lv[b.ProductID]=map[shop.Side]map[int64]int{shop.Sales:{},shop.Purchase:{}} }; bids[b.ProductID][b.Side]++; lv[b.ProductID][b.Side][b.Price]++ }
	wish := map[int]int{}
	info := map[int64]int{}
	for _, p := range f.catalogue.Products { info[p.ID]=p.Info }
	for _, x := range f.market.Wishes { wish[info[x.ProductID]]++ }
	for i, x := range f.catalogue.Infos {
		fmt.Printf("%-34s %-22s %s %8d %s tr %4d wish %3d shares %d %s\n", x.EngName, x.KorName, x.Category[:2], *x.RetailPrice, x.ReleaseDate, byInfo[x.ID], wish[i], x.Shares, x.ModelNumber)
	}
	n0, empty, one := 0,0,0
	for _, p := range f.catalogue.Products {
		if _, ok := f.traded()[p.ID]; !ok { continue }
		if len(tr[p.ID])==0 { n0++ }
		a, b := bids[p.ID][shop.Sales], bids[p.ID][shop.Purchase]
		if a==0&&b==0 { empty++ } else if a==0||b==0 { one++ }
	}
	fmt.Println("no trades", n0, "empty", empty, "onesided", one, "of", len(f.traded()))
	// show top product
	var ids []int64
	for id := range tr { ids = append(ids, id) }
	sort.Slice(ids, func(i, j int) bool { return len(tr[ids[i]]) > len(tr[ids[j]]) || len(tr[ids[i]]) == len(tr[ids[j]]) && ids[i]<ids[j] })
	for _, k := range []int{0, 40, 150, 300} {
		id := ids[k]
		fmt.Println("== ", k, f.catalogue.Infos[info[id]].EngName, id, len(tr[id]), bids[id])
		for i, x := range tr[id] { if i%max(1,len(tr[id])/25)==0 || i > len(tr[id])-6 { fmt.Printf("  %s %d %s %s waited %s\n", x.Order.CreatedAt.Format(time.DateTime), x.Order.Price, x.Order.TakerSide, x.Order.Status, x.Order.CreatedAt.Sub(x.Bid.CreatedAt).Round(time.Minute)) } }
		for _, s := range []shop.Side{shop.Sales, shop.Purchase} { var ps []int64; for p := range lv[id][s] { ps = append(ps,p) }; sort.Slice(ps, func(i,j int) bool { return ps[i]>ps[j] }); for _, p := range ps { fmt.Print(" ",p,"x",lv[id][s][p]) }; fmt.Println() }
	}
	per := map[int64]int{}
	for _, b := range f.market.Bids { per[b.UserID]++ }
	var cs []int; for _, c := range per { cs = append(cs,c) }; sort.Ints(cs); fmt.Println(cs)
	wd := map[time.Weekday]int{}
	for _, x := range f.market.Trades { wd[x.Order.CreatedAt.Add(9*time.Hour).Weekday()]++ }
	fmt.Println(wd)
	for i := 0; i < 30; i++ { u := f.users[i]; fmt.Println(u.ProfileName, u.UserName, u.ShoeSize, u.CreatedAt.Format(time.DateOnly), u.Introduction) }
	for _, x := range f.market.Trades { if x.Order.BuyerID==userID(0) { fmt.Println("bought", f.catalogue.Infos[info[x.Order.ProductID]].EngName, x.Order.Price, x.Order.Status, x.Order.CreatedAt) } ; if *x.Order.SellerID==userID(1) { fmt.Println("sold", f.catalogue.Infos[info[x.Order.ProductID]].EngName, x.Order.Price, x.Order.Status) } }
}
